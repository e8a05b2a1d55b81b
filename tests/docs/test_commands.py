"""The script `./qudao` itself: what a shell accepts without a word and a reader does not see."""

import re
from collections import Counter

from tests.architecture.sources import ROOT, none


def test_no_function_of_the_script_is_defined_twice() -> None:
    # The second one silently replaces the first: a bare machine then got no PDF libraries, and nothing failed.
    names = Counter(re.findall(r"^(\w+)\(\) ", (ROOT / "qudao").read_text(encoding="utf-8"), re.MULTILINE))
    assert len(names) > 30
    none(sorted(name for name, count in names.items() if count > 1))
