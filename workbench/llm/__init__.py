"""Label texts and pseudo-documents from language models, or without one.

Source: "SEP-MLDC: A Simple and Effective Paradigm for Multi-Label Document Classification", Eq. 1-4. Nothing
here imports torch or the client of a server before it is asked.
"""

from workbench.llm.base import About, Completion, Prompt, Provider
from workbench.llm.registry import open_provider, provider_names
from workbench.llm.report import read_report

__all__ = ["About", "Completion", "Prompt", "Provider", "open_provider", "provider_names", "read_report"]
