"""Whatever any test is refused: the code stands in the reference of error codes, with the status it has there.

The constructor of refusals is hooked in `tests/conftest.py`; `tests/architecture/test_codes.py` keeps the page
`docs/reference/error-codes.md` in step with the code.
"""

import re
import sys
from functools import cache
from pathlib import Path
from typing import Any

from qudao_core.errors import Refusal, status_of

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "reference" / "error-codes.md"
PLUGINS = ("core", "partner_portal", "catalog", "b2b_ordering", "search", "learning")
ROW = re.compile(r"^\| `(\w+)` \| (\d+) \|", re.MULTILINE)


def hooked(begin: Any) -> Any:
    """`Refusal.__init__`, with code and status checked before anybody can catch the refusal."""

    def checked(self: Refusal, *args: Any, **named: Any) -> None:
        begin(self, *args, **named)
        if not _is_our_own(sys._getframe(1).f_globals.get("__name__", "")):
            return
        promised = statuses().get(self.code)
        if promised is None and not _is_written(self.code):
            promised = status_of(self.code)  # the code of a rule that the test itself registered
        assert self.status == promised, (
            f"{self.code} is answered with {self.status}; the reference says {promised}"
        )

    return checked


def _is_our_own(module: str) -> bool:
    """Tests may refuse with codes of their own, to see what becomes of them."""
    return module.startswith("qudao_")


@cache
def _is_written(code: str) -> bool:
    """Whether the code stands in the plugins. Asked only about what the reference does not know."""
    files = (path for plugin in PLUGINS for path in (ROOT / plugin).rglob("*.py"))
    return any(f'"{code}"' in path.read_text(encoding="utf-8") for path in files)


@cache
def statuses() -> dict[str, int]:
    """The status of each code in the reference."""
    return {code: int(status) for code, status in ROW.findall(PAGE.read_text(encoding="utf-8"))}
