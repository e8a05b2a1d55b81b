"""Selling: who buys, what they object, what is promised afterwards. For the channel's own people."""

from __future__ import annotations

from ..shapes import handbook
from . import after, customers, objections, projects

SELLING = handbook(
    "selling",
    ("Selling Lanhe", "销售手册"),
    (
        "Customer types, objections and answers, warranty. For dealers, agents and distributors.",
        "客户类型、异议应答、售后质保。面向经销商、代理商与分销商。",
    ),
    customers.CHAPTER,
    objections.CHAPTER,
    after.CHAPTER,
    projects.CHAPTER,
    audiences=("kind:dealer", "kind:agent", "kind:distributor"),
)
