"""People who sign in to the reference site."""

from typing import Any

import pytest
from qudao_partner_portal import testing


@pytest.fixture
def buyer(db: None) -> Any:
    maker = testing.make_company("Maker")
    return testing.make_person(
        testing.make_company("Dealer", parent=maker), roles=["buyer"], name="Bei Buyer"
    )


@pytest.fixture
def editor(db: None) -> Any:
    """A back-office person who works for no company."""
    return testing.make_back_office("Ed Editor", permissions=["wagtailadmin.access_admin"])


@pytest.fixture
def product_editor(db: None) -> Any:
    rights = ["wagtailadmin.access_admin", "catalogue.view_product"]
    return testing.make_back_office("Pia Products", permissions=rights)
