"""Where other plugins and hosts have a say in ordering. Register in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Protocol

from qudao_partner_portal.errors import Problem
from qudao_partner_portal.hooks import Registry
from qudao_partner_portal.viewer import Viewer


class PurchaseRule(Protocol):
    """Says which products a viewer may not order, and why.

    At most one statement for any number of products.
    """

    def __call__(self, viewer: Viewer, product_ids: Collection[int]) -> dict[int, Problem]: ...


class CreditProvider(Protocol):
    """Says whether a company may order for a gross amount on account: a problem, or ``None``."""

    def __call__(
        self, *, company_id: int, seller_id: int, amount: Decimal, currency: str
    ) -> Problem | None: ...


purchase_rules: Registry[PurchaseRule] = Registry("purchase_rules")
credit_providers: Registry[CreditProvider] = Registry("credit_providers")
