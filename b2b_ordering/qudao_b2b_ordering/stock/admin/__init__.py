"""Stock in Wagtail's admin."""

from .viewsets import (
    ArrivalViewSet,
    LevelViewSet,
    MovementViewSet,
    PolicyViewSet,
    TermsViewSet,
    WarehouseViewSet,
)

__all__ = [
    "ArrivalViewSet",
    "LevelViewSet",
    "MovementViewSet",
    "PolicyViewSet",
    "TermsViewSet",
    "WarehouseViewSet",
]
