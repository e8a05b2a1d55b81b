"""Pictures of the demo products, drawn by us: the same arguments always give the same picture."""

from __future__ import annotations

from .catalogue import draw, drawings, render

__all__ = ["draw", "drawings", "render"]
