"""People and programs that call the API."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from qudao_core.headless.services import create_token
from qudao_partner_portal import testing
from qudao_partner_portal.models import Company


@pytest.fixture
def maker(db: None) -> Company:
    return testing.make_company("Maker")


@pytest.fixture
def dealer(maker: Company) -> Company:
    return testing.make_company("Dealer", parent=maker)


@pytest.fixture
def buyer(dealer: Company) -> Any:
    return testing.make_person(dealer, roles=["buyer"], name="Bei Buyer")


@pytest.fixture
def api(buyer: Any) -> Client:
    """Calls with the buyer's session, as the pages do."""
    client = Client()
    client.force_login(buyer)
    return client


@pytest.fixture
def program() -> Callable[..., Client]:
    """Calls with a token made for a person and company."""

    def make(user: Any, company: Company | None = None, **options: Any) -> Client:
        viewer = testing.viewer_of(user, company)
        _token, secret = create_token(viewer=viewer, name="ERP", **options)
        return Client(headers={"authorization": f"Bearer {secret}"})

    return make
