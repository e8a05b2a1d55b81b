"""What a preview is of, as the browser keeps it. Plain Python.

>>> read(written(Choice(7, 42, "buyer")))
Choice(user_id=7, company_id=42, role='buyer')
>>> read("7:x:buyer") is None
True
"""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

#: Who looks needs this right.
RIGHT = "qudao_partner_portal.preview_as_company"
#: The role of most people who read and buy.
USUAL_ROLE = "buyer"
#: So long a preview lasts.
LIFETIME = timedelta(hours=1)


class PreviewChoice(NamedTuple):
    """``user_id`` looks as somebody of ``company_id`` with ``role``."""

    user_id: int
    company_id: int
    role: str


def serialize(choice: PreviewChoice) -> str:
    return f"{choice.user_id}:{choice.company_id}:{choice.role}"


def parse(text: str) -> PreviewChoice | None:
    user_id, company_id, role = (*text.split(":"), "", "", "")[:3]
    if not (user_id.isdecimal() and company_id.isdecimal() and role):
        return None
    return PreviewChoice(int(user_id), int(company_id), role)
