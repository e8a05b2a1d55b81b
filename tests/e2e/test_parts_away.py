"""Redis, the mail server, the search cluster and the worker go away, one by one and together, under load in the
production shape. Pages and API serve on, the probe says what is missing, and when the part is back everything drains.
"""

import http.client
import json
import os
import re
import signal
import socket
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

import pytest

from tests import services
from tests.e2e.production import HOST, Production, descendants, production_shape, start_service
from tests.processes import LOOPBACK
from tests.smtp import MailServer, mail_server

pytestmark = [pytest.mark.services, pytest.mark.slow]

SETUP = """
from qudao_partner_portal import api as portal
from qudao_core.headless.services import create_token
from qudao_partner_portal.testing import make_company, make_person, viewer_of
company = make_company("Parts")
ann = make_person(company, roles=["admin"], name="Ann Admin")
print(create_token(viewer=viewer_of(ann), name="test")[1])
"""
OPEN = """
from qudao_core.models import Delivery
rows = Delivery.objects
print("left", rows.filter(state="waiting").count(), rows.exclude(state__in=("waiting", "done")).count())
"""
#: Longer than any answer may take on a loaded machine; a request that hangs with a part takes as long as the part.
PATIENCE = 60.0


class Cluster:
    """Something that listens where a search cluster should be and never says a word."""

    def __init__(self) -> None:
        self.socket = socket.create_server((LOOPBACK, 0), backlog=128)
        self.port = self.socket.getsockname()[1]


class World:
    def __init__(self, site: Production, mails: MailServer, stack: ExitStack) -> None:
        self.site, self.mails, self.stack = site, mails, stack
        self.invited: list[str] = []
        self.statuses: Counter[tuple[str, int]] = Counter()
        self.slowest = 0.0
        self.token = shell(site, SETUP).splitlines()[-1]

    def ask(self, method: str, path: str, body: object = None) -> int:
        begun = time.monotonic()
        connection = http.client.HTTPConnection(LOOPBACK, self.site.proxy_port, timeout=PATIENCE * 2)
        headers = {"Host": HOST, "X-Forwarded-Proto": "https"}
        if path.startswith("/api/"):
            headers |= {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
            headers["Idempotency-Key"] = uuid.uuid4().hex
        connection.request(method, path, body=json.dumps(body) if body is not None else None, headers=headers)
        response = connection.getresponse()
        response.read()
        connection.close()
        self.slowest = max(self.slowest, time.monotonic() - begun)
        self.statuses[path.partition("?")[0], response.status] += 1
        return response.status

    def round(self) -> None:
        assert self.ask("GET", "/accounts/login/") == 200
        assert self.ask("GET", "/api/v1/products/") == 200
        assert self.ask("GET", "/api/v1/search/?q=switch") == 200
        address = f"{uuid.uuid4().hex[:12]}@example.com"
        assert self.ask("POST", "/api/v1/invitations/", {"email": address, "roles": ["buyer"]}) == 201
        self.invited.append(address)

    def load(self, rounds: int = 3, people: int = 4) -> None:
        """Several people at a time; the first failure of any of them is raised."""
        failures: list[BaseException] = []

        def work() -> None:
            try:
                for _round in range(rounds):
                    self.round()
            except BaseException as failure:
                failures.append(failure)

        threads = [threading.Thread(target=work) for _person in range(people)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failures:
            raise failures[0]
        assert self.slowest < PATIENCE

    def degraded(self) -> list[str]:
        answer = self.site.open("/readyz", port=self.site.web_port)
        assert answer.status == 200
        told = json.loads(answer.text)
        assert told["ok"] is True
        return list(told["degraded"])

    def drained(self) -> bool:
        return shell(self.site, OPEN).splitlines()[-1] == "left 0 0"


def shell(site: Production, code: str) -> str:
    return site.run("django-admin", "shell", "-v", "0", "-c", code).strip()


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with ExitStack() as stack:
        cluster = Cluster()
        mails = stack.enter_context(mail_server())
        try:
            site = stack.enter_context(
                production_shape(
                    QUDAO_EMAIL_URL=f"smtp://{LOOPBACK}:{mails.port}?timeout=2",
                    QUDAO_SEARCH_ENGINE="elasticsearch",
                    QUDAO_SEARCH_URL=f"http://{LOOPBACK}:{cluster.port}",
                    QUDAO_SEARCH_TIMEOUT="1",
                    QUDAO_API_RATES="read=100000/min,write=100000/min,search=100000/min",
                )
            )
        except services.CannotRun as reason:
            if "not installed" in str(reason):
                pytest.skip(str(reason))
            raise
        stack.callback(cluster.socket.close)
        yield World(site, mails, stack)


@contextmanager
def stopped(pid: int) -> Iterator[None]:
    """The process and its children stand still: they hold their connections and answer nothing."""
    family = descendants(pid)
    for each in family:
        os.kill(each, signal.SIGSTOP)
    try:
        yield
    finally:
        for each in family:
            os.kill(each, signal.SIGCONT)


def wait(condition: Callable[[], object]) -> None:
    services.until(condition)


def test_redis_stands_still(world: World) -> None:
    with stopped(world.site.servers["redis"].process.pid):
        world.load()
        assert {"cache", "broker", "search"} <= set(world.degraded())
    wait(lambda: "cache" not in world.degraded())


def test_the_mail_server_is_silent_then_gone(world: World) -> None:
    for greeting in ("hang", "die"):
        world.mails.greeting = greeting
        world.load(rounds=1)
    world.mails.greeting = "220 back"
    world.load(rounds=1)


def test_the_worker_stands_still_then_is_killed(world: World) -> None:
    worker = world.site.servers["worker"].process
    with stopped(worker.pid):
        world.load(rounds=1)
    for each in descendants(worker.pid):
        os.kill(each, signal.SIGKILL)
    worker.wait()
    world.load(rounds=1)
    world.site.servers["worker"] = world.stack.enter_context(
        start_service(world.site, "worker", ready="ready.")
    )


def test_redis_is_killed_with_everything_in_it_and_all_parts_are_away_together(world: World) -> None:
    redis = world.site.servers["redis"]
    world.mails.greeting = "hang"
    with stopped(world.site.servers["worker"].process.pid):
        redis.process.kill()
        redis.process.wait()
        world.load()
        assert {"cache", "broker", "search"} <= set(world.degraded())
    world.mails.greeting = "220 back"
    world.site.servers["redis"] = world.stack.enter_context(services.redis_server(redis.port))
    wait(lambda: "cache" not in world.degraded() and "broker" not in world.degraded())


def test_then_everything_drains_and_nothing_was_lost_or_sent_twice(world: World) -> None:
    shell(
        world.site,
        "from qudao_core.models import Delivery\n"
        "from django.utils import timezone\n"
        "Delivery.objects.filter(state='waiting').update(available_at=timezone.now())",
    )
    wait(world.drained)
    got = Counter(world.mails.mailboxes)
    assert sorted(got) == sorted(world.invited)
    # A worker killed between sending and marking may have sent a mail again: the same one, by its Message-ID.
    assert len({(to, mail["Message-ID"]) for to, mail in world.mails.taken}) == len(world.invited)
    assert got.total() - len(got) <= int(world.site.environment("worker").get("QUDAO_WORKER_THREADS", "4"))


def test_no_request_failed_and_no_log_holds_a_traceback(world: World) -> None:
    assert {status for _path, status in world.statuses} <= {200, 201}
    for name in ("web", "worker", "scheduler"):
        log = world.site.servers[name].log
        found = re.search(r".*(Traceback \(most recent|\"exception\"|\[ERROR\]).*", log)
        assert found is None, f"{name}: {log[max(0, found.start() - 500) : found.end() + 3000]}"
