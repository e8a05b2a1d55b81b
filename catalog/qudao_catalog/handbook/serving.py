"""Who shows the pages of handbooks. Models know only this: pages stand above them, and are named at start."""

from __future__ import annotations

from types import ModuleType

_shown_by: dict[str, ModuleType] = {}


def show_by(module: ModuleType) -> None:
    """Let ``module`` (``route``, ``serve``, ``serve_preview``, ``more_previews``) show the pages."""
    _shown_by["pages"] = module


def pages() -> ModuleType:
    """The module that shows the pages."""
    return _shown_by["pages"]
