"""The command line where its script is not on the path: `python -m workbench …`."""

from workbench.cli import main

if __name__ == "__main__":
    main()
