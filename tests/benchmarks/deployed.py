"""Pages and API over HTTP as deployed: the processes of docker-compose.yml, sign-in, throttling, unanalysed data.

Every figure is a ratio to the barest Django view, which does one SQL statement on the same database under the same
server and is asked in turn with the page under test. The PostgreSQL has its distribution's defaults and has never
analysed the data: no figure may depend on that.
"""

from __future__ import annotations

import argparse
import http.client
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import django

django.setup()

from tests import services  # noqa: E402 - needs Django to be set up
from tests.benchmarks.measure import Figure  # noqa: E402 - as above
from tests.benchmarks.run import tell  # noqa: E402 - as above
from tests.e2e import production  # noqa: E402 - as above

ROOT = Path(__file__).resolve().parent.parent.parent
ROUNDS, WARM = 25, 4


@dataclass(frozen=True)
class Asked:
    """A page or a call of the API, by an address that may change from round to round, and what it must reach."""

    name: str
    path: Callable[[int], str]
    limit: float | None
    api: bool = False
    rounds: int = ROUNDS


def _always(path: str) -> Callable[[int], str]:
    return lambda _round: path


def asked(products: int, sku: str) -> Iterator[Asked]:
    """The limits are those for 10,000 products; with 50,000 a list may take twice as long."""
    more = 2 if products > 10_000 else 1
    page = "/catalogue/"
    yield Asked("catalogue page of 24", _always(page), 20 * more)
    yield Asked(
        "… with a price filter", lambda n: f"{page}?price_min={60 + n / 7:.2f}&price_max=90", 40 * more
    )
    yield Asked("… in stock", _always(f"{page}?available=1"), 40 * more)
    yield Asked("… by own price", lambda n: f"{page}?sort=price&page={1 + n % 5}", 40 * more)
    yield Asked(
        "… three filters",
        lambda n: f"{page}?line=line-{n % 12}&attr_colour=colour-{n % 8}&available=1",
        40 * more,
    )
    yield Asked("… by name", _always(f"{page}?sort=name"), 40 * more)
    yield Asked("list of 24, API", _always("/api/v1/products/?limit=24"), None, api=True)
    yield Asked("list by own price, API", _always("/api/v1/products/?limit=24&sort=price"), None, api=True)
    yield Asked(
        "list in a category, API", _always("/api/v1/products/?limit=24&category=category-3"), None, api=True
    )
    yield Asked("filters with counts, API", _always("/api/v1/products/facets/"), None, api=True)
    yield Asked("product page", _always(f"/products/{sku}/"), 11)
    yield Asked("product, API", _always(f"/api/v1/products/{sku}/"), None, api=True)


def figures(products: int, lists: int) -> Iterator[Figure]:
    label = f"{products:,} products, {lists:,} lists"
    with production.production_shape(
        WEB_CONCURRENCY="2", QUDAO_API_RATES="read=1000000/s,write=1000000/s"
    ) as site:
        told = json.loads(
            site.run(
                sys.executable,
                "-m",
                "tests.benchmarks.deployed_shop",
                f"--products={products}",
                f"--lists={lists}",
                PYTHONPATH=str(ROOT),
            ).splitlines()[-1]
        )
        buyer = Buyer(site, told)
        with _floor(told) as floor:
            for each in asked(products, told["sku"]):
                yield _ratio(label, each, buyer, floor)
            yield from _after_a_change(label, buyer, floor, told)
            yield from _carts(label, buyer, floor)


class Buyer:
    """A browser, and a program, of a signed-in buyer; one connection to the proxy is kept, as theirs is."""

    def __init__(self, site: production.Production, told: dict[str, Any]) -> None:
        self.site, self.told = site, told
        self.connection = http.client.HTTPConnection(services.LOOPBACK, site.proxy_port, timeout=300)

    def ask(self, path: str, *, api: bool, method: str = "GET", body: Any = None) -> tuple[float, bytes]:
        headers = {"Host": production.HOST, "X-Forwarded-Proto": "https"}
        if api:
            headers |= {"Authorization": f"Bearer {self.told['token']}", "Content-Type": "application/json"}
        else:
            headers["Cookie"] = self.told["cookie"]
        if method != "GET":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        start = time.perf_counter()
        self.connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        answer = self.connection.getresponse()
        content = answer.read()
        took = (time.perf_counter() - start) * 1000
        if answer.status not in (200, 201):
            raise RuntimeError(f"{method} {path} answered {answer.status}: {content[:500]!r}")
        return took, content


def _ratio(label: str, each: Asked, buyer: Buyer, floor: Callable[[], float]) -> Figure:
    ours, bare = [], []
    for number in range(-WARM, each.rounds):
        took, _content = buyer.ask(each.path(number + WARM), api=each.api)
        beside = floor()
        if number >= 0:
            ours.append(took)
            bare.append(beside)
    median, least = statistics.median(ours), statistics.median(bare)
    slow = sorted(ours)[int(len(ours) * 0.95) - 1]
    note = f"{median:.1f} ms (p95 {slow:.1f}, longest {max(ours):.1f}) / {least:.2f} ms"
    return Figure(f"{label}: {each.name}", median / least, "×", each.limit, note=note)


def _after_a_change(
    label: str, buyer: Buyer, floor: Callable[[], float], told: dict[str, Any]
) -> Iterator[Figure]:
    """The page right after one price of one list has changed: what is kept has to be made anew."""
    with _database(told) as connection:
        ours, bare = [], []
        for number in range(8):
            connection.execute(
                "UPDATE qudao_b2b_ordering_pricerow SET unit_price = %s WHERE price_list_id = %s AND product_id = %s",
                [100 + number, told["base_list"], told["product"]],
            )
            took, _content = buyer.ask("/catalogue/", api=False)
            ours.append(took)
            bare.append(floor())
    median = statistics.median(ours)
    note = f"{median:.0f} ms (longest {max(ours):.0f}), other worker processes do the same once"
    yield Figure(
        f"{label}: catalogue page after a price changed", median / statistics.median(bare), "×", note=note
    )


def _carts(label: str, buyer: Buyer, floor: Callable[[], float]) -> Iterator[Figure]:
    for lines, cart in buyer.told["carts"].items():
        _switch(buyer, cart)
        limit = 200 if lines == "2000" else 100
        page = _ratio(
            label, Asked(f"cart page, {lines} lines", _always("/cart/"), limit, rounds=7), buyer, floor
        )
        yield page
        beside = Asked(
            f"catalogue page beside a cart of {lines} lines",
            _always("/catalogue/"),
            None if lines == "2000" else 40,
            rounds=7,
        )
        yield _ratio(label, beside, buyer, floor)
        size = len(buyer.ask("/cart/", api=False)[1]) / 1000
        yield Figure(f"{label}: cart page, {lines} lines, size", size, "kB", 600 if lines == "2000" else None)
        yield _ratio(
            label, Asked(f"checkout page, {lines} lines", _always("/checkout/"), None, rounds=5), buyer, floor
        )
        took, _content = buyer.ask("/api/v1/orders/", api=True, method="POST", body={"cart": cart})
        bare = statistics.median(floor() for _time in range(9))
        limit = 350 if lines == "2000" else None
        yield Figure(f"{label}: submit of {lines} lines, API", took / bare, "×", limit, note=f"{took:.0f} ms")


def _switch(buyer: Buyer, cart: int) -> None:
    """Another cart becomes the buyer's current one, and the browser's idle connection is closed."""
    table = "qudao_b2b_ordering_cart"
    with _database(buyer.told) as connection:
        connection.execute(f"UPDATE {table} SET is_current = false WHERE is_current")
        connection.execute(f"UPDATE {table} SET is_current = true WHERE id = %s", [cart])
    buyer.connection.close()


def _database(told: dict[str, Any]) -> Any:
    import psycopg  # noqa: PLC0415 - only PostgreSQL is measured

    return psycopg.connect(told["database"], autocommit=True)


@contextmanager
def _floor(told: dict[str, Any]) -> Iterator[Callable[[], float]]:
    """The bare view under the same server; yields what asks it once and tells the milliseconds."""
    port = services.free_port()
    gunicorn = str(Path(sys.executable).parent / "gunicorn")
    command = [
        gunicorn,
        "--workers=2",
        "--worker-class=gthread",
        "--threads=4",
        "--preload",
        "--keep-alive=65",
    ]
    command += [f"--bind={services.LOOPBACK}:{port}", "tests.benchmarks.floor:application"]
    given = os.environ | {
        "PYTHONPATH": str(ROOT),
        "DATABASE_URL": told["database"],
        "FLOOR_PRICE_LIST": str(told["base_list"]),
    }
    with (
        tempfile.TemporaryDirectory() as folder,
        services.running(command, folder=Path(folder), port=port, environment=given, cwd=ROOT),
    ):
        connection = http.client.HTTPConnection(services.LOOPBACK, port, timeout=60)

        def ask() -> float:
            start = time.perf_counter()
            connection.request("GET", "/?n=24")
            connection.getresponse().read()
            return (time.perf_counter() - start) * 1000

        for _warm in range(20):
            ask()
        yield ask


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--products", type=int, action="append")
    parser.add_argument("--lists", type=int, action="append")
    options = parser.parse_args(arguments)
    for products, lists in itertools.product(options.products or [1000], options.lists or [100]):
        for figure in figures(products, lists):
            tell(figure)


if __name__ == "__main__":
    main(sys.argv[1:])
