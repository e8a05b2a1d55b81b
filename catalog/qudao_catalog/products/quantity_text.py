"""A quantity with its unit as people read it: the one presenter of pages, mails, PDF files and messages."""

from __future__ import annotations

from decimal import Decimal

from ..measures import unit_form
from .rules import plain_number


def figure(quantity: Decimal) -> str:
    """``36.000`` → ``36``, ``1200.5`` → ``1,200.5``: as the filters of the pages write it, in every language."""
    return f"{plain_number(quantity):,f}"


def quantity_text(quantity: Decimal, unit: str) -> str:
    """``1 piece``, ``10 pieces``, ``10 个``."""
    return f"{figure(quantity)} {unit_form(unit, quantity)}".rstrip()
