"""What the answers of a mail server mean. Plain Python."""

from __future__ import annotations


def is_final(code: int) -> bool:
    """Whether an answer to a recipient or a mail stands (RFC 5321: 5xx), or may change (4xx, no answer at all).

    >>> is_final(550), is_final(554), is_final(450), is_final(421), is_final(0)
    (True, True, False, False, False)
    """
    return 500 <= code <= 599
