"""Where other plugins and hosts have a say in ordering. Register in ``AppConfig.ready``."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Protocol

from qudao_core.errors import Problem
from qudao_core.hooks import Registry
from qudao_core.viewer import Viewer


class PurchaseRule(Protocol):
    """Says which products a viewer may not order, and why.

    At most one statement for any number of products; what is left out of the answer may be ordered. The problem
    says what is missing and, with ``remedy_url``, where to get it: it stands on the cart's line, on the product's
    page and in the API. Rules are asked again when the order is submitted.
    """

    def __call__(self, viewer: Viewer, product_ids: Collection[int]) -> dict[int, Problem]: ...


class CreditProvider(Protocol):
    """Says whether an order of this gross amount stays within the company's credit: ``None``, or what is wrong.

    An order over the credit is held, not refused: steps of its flow marked "only over credit" apply to it, and the
    seller reads the problem's message there. Asked once, when the order is submitted on account.
    """

    def __call__(
        self, *, company_id: int, seller_id: int, amount: Decimal, currency: str
    ) -> Problem | None: ...


purchase_rules: Registry[PurchaseRule] = Registry("purchase_rules")
credit_providers: Registry[CreditProvider] = Registry("credit_providers")
