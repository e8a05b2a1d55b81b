"""Which answers of a mail server stand, and which may change."""

import pytest
from qudao_core.mail.rules import is_final


@pytest.mark.parametrize(
    ("code", "final"),
    [
        (0, False),
        (250, False),
        (421, False),
        (499, False),
        (500, True),
        (550, True),
        (599, True),
        (600, False),
    ],
)
def test_a_mail_is_given_up_for_good_only_when_the_server_says_so(code: int, final: bool) -> None:
    assert is_final(code) is final
