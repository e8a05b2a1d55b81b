"""Whatever any test is refused: the refusal has the status that the reference of error codes promises.

The constructor is hooked in `tests/conftest.py`. `docs/reference/error-codes.md` says which code has which status;
`tests/architecture/test_codes.py` keeps the page in step with the code.
"""

import re
from functools import cache
from pathlib import Path
from typing import Any

from qudao_partner_portal.errors import Refusal

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "error-codes.md"
ROW = re.compile(r"^\| `(\w+)` \| (\d+(?:, \d+)*) \|", re.MULTILINE)


def hooked(begin: Any) -> Any:
    """`Refusal.__init__`, with the status checked before anybody can catch the refusal."""

    def checked(self: Refusal, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        promised = statuses().get(self.code)
        assert promised is None or self.status in promised, (
            f"{self.code}: {self.status}, not {sorted(promised)}"
        )

    return checked


@cache
def statuses() -> dict[str, frozenset[int]]:
    """Each code that has a status in the reference.."""
    text = PAGE.read_text(encoding="utf-8")
    return {code: frozenset(map(int, listed.split(", "))) for code, listed in ROW.findall(text)}
