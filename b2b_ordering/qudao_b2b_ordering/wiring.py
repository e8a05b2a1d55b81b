"""What is connected once at start. Every subject says for itself what it connects."""

from __future__ import annotations

from qudao_core import hooks as core_hooks
from qudao_partner_portal import hooks as portal_hooks

from . import home
from .flow import wiring as flow
from .offers import wiring as offers
from .orders import wiring as orders
from .pricing import wiring as pricing
from .stock import wiring as stock

#: The subjects; each has ``ACTIONS`` (audit action → label) and ``connect()``.
SUBJECTS = (pricing, stock, flow, orders, offers)


def connect() -> None:
    for subject in SUBJECTS:
        for action, label in subject.ACTIONS.items():
            core_hooks.audit_actions.register(action, label)
        subject.connect()
    portal_hooks.navigation.register("ordering", home.navigation, order=30)
    portal_hooks.tiles.register("ordering", home.tiles, order=10)
