"""Install instructions stand in each plugin's README and, one after the other, in a how-to: they are the same."""

import pytest

from tests.architecture.sources import ROOT
from tests.docs.documents import blocks, files_and_commands

pytestmark = pytest.mark.any_database

HOW_TO = ROOT / "docs" / "how-to" / "add-to-a-wagtail-site.md"


@pytest.mark.parametrize(
    ("part", "plugin"),
    [("The portal", "partner_portal"), ("The catalogue", "catalog"), ("Ordering", "b2b_ordering")],
)
def test_the_how_to_says_what_the_readme_says(part: str, plugin: str) -> None:
    readme = ROOT / plugin / "README.md"
    steps = [(name, text) for what, name, text in files_and_commands(HOW_TO, part) if what == "add"]
    assert steps == [
        ("mysite/settings/base.py", "".join(text for _line, text in blocks(readme, "python settings"))),
        ("mysite/urls.py", "".join(text for _line, text in blocks(readme, "python urls"))),
    ]
