from __future__ import annotations

from .provider import register as connect

ACTIONS: dict[str, str] = {}

__all__ = ["ACTIONS", "connect"]
