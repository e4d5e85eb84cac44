"""Paper cards, one file a paper, named after the method: for looking, without what trains."""

from __future__ import annotations

import pkgutil
from collections.abc import Mapping
from functools import cache
from importlib import import_module

from workbench.cards.base import MECHANISMS, PaperCard

__all__ = ["MECHANISMS", "PaperCard", "paper_cards"]


@cache
def paper_cards() -> Mapping[str, PaperCard]:
    """The card of each method, by the method's name, in the order of years.

    Returns:
        What is known of each paper: title, venue, equations by name, the numbers that it prints.
    """
    modules = (import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__))
    cards = [module.CARD for module in modules if hasattr(module, "CARD")]
    return {card.method: card for card in sorted(cards, key=lambda card: (card.year, card.method))}
