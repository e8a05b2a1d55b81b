"""Installation and safety: what whoever holds the screwdriver must know."""

from __future__ import annotations

from ..shapes import handbook
from . import circuits, handover, luminaires, safety

INSTALLATION = handbook(
    "installation-and-safety",
    ("Installation and safety", "安装与安全"),
    (
        "Step by step from the dead circuit to the signed report. For qualified electricians.",
        "从停电验电到签字交付，一步一步讲清楚。仅供持证电工使用。",
    ),
    safety.CHAPTER,
    circuits.CHAPTER,
    luminaires.CHAPTER,
    handover.CHAPTER,
)
