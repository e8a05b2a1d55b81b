"""The document as it is served, the generated clients, and a running server with a channel to order in."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from qudao_b2b_ordering import testing as ordering
from qudao_catalog import testing as catalog
from qudao_core.headless.services import create_token
from qudao_partner_portal import testing as people

from tests import api_answers, services
from tests.b2b_ordering.channel import make_channel


@pytest.fixture(scope="session")
def schema_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("schema") / "schema.json"
    file.write_text(json.dumps(api_answers.document()), encoding="utf-8")
    return file


@pytest.fixture(scope="session")
def node() -> Path:
    """Where Node's tools are installed."""
    if reason := services.missing("clients"):
        pytest.skip(f"not run: {reason}")
    return services.node_tools()


@pytest.fixture
def server(live_server: Any, transactional_db: None, settings: Any) -> Callable[[], list[str]]:
    """Address of the server, and tokens of those who take part in an order as JSON."""
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "100000/min")
    channel = make_channel()
    people.make_address(channel.dealer, is_default=True)
    lamp = catalog.make_product("LED-7", title="Downlight 7 W", pack=12)
    ordering.price(channel.price_list, lamp, "12.50")
    ordering.price(channel.price_list, lamp, "11.00", min_quantity=48)
    ordering.stock(lamp, 500, channel.warehouse)
    names = {"buyer": "bai", "sales": "sam", "finance": "fia", "warehouse": "wan"}
    tokens = {
        role: create_token(viewer=channel.viewer(name), name="client")[1] for role, name in names.items()
    }
    return lambda: [live_server.url, json.dumps(tokens)]
