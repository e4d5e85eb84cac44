"""The dashboard: `workbench dashboard` serves app.py."""
