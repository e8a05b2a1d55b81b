"""The drill of the how-to: make data, back up, destroy, restore with exactly the documented lines, compare."""

import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests import services
from tests.databases import SQLite
from tests.docs.documents import blocks
from tests.e2e import compose
from tests.e2e.production import BIN, Production, production_shape, start_service
from tests.processes import LOOPBACK
from tests.smtp import MailServer, mail_server

HOW_TO = compose.ROOT / "docs" / "how-to" / "run-in-production.md"

MAKE = """
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import call_command
from qudao_core import api as core
from qudao_partner_portal import api as portal
from tests.b2b_ordering.channel import make_channel
channel = make_channel()
channel.product("LAMP", stock=100)
channel.order(("LAMP", "2"))
company = channel.dealer
default_storage.save("images/lamp.txt", ContentFile(b"a picture"))
default_storage.save("documents/terms.txt", ContentFile(b"for partners only"))
portal.invite(viewer=core.system_viewer(), company_id=company.pk, email="before@example.com", roles=["buyer"])
"""
LATER = """
from qudao_core import api as core
from qudao_core import api as core
from qudao_partner_portal import api as portal
from qudao_partner_portal.models import Company
company = Company.objects.get(name="Chengdu Lamps")
portal.invite(viewer=core.system_viewer(), company_id=company.pk, email="{name}@example.com", roles=["buyer"])
"""
LOOK = """
import json
from django.core.files.storage import default_storage
from qudao_b2b_ordering.models import Order
from qudao_core.models import Delivery, OutboxEvent
from qudao_partner_portal.models import Company
from qudao_search import api as search
print(json.dumps({
    "companies": sorted(Company.objects.values_list("name", flat=True)),
    "orders": [[o.number, str(o.gross), o.lines.count()] for o in Order.objects.order_by("pk")],
    "files": [default_storage.open(name).read().decode() for name in ("images/lamp.txt", "documents/terms.txt")],
    "waiting": Delivery.objects.filter(state="waiting").count(),
    "events": OutboxEvent.objects.count(),
    "last": OutboxEvent.objects.order_by("-pk").values_list("pk", flat=True).first(),
    "search": search.health()["ok"],
}))
"""


def lines(mark: str) -> list[str]:
    return [
        line
        for _number, code in blocks(HOW_TO, f"console {mark}")
        for line in code.splitlines()
        if line.strip()
    ]


class Machine:
    """Runs the documented lines natively: the same programs with the same arguments, without their containers."""

    def __init__(self, site: Production, stack: ExitStack) -> None:
        self.site, self.stack = site, stack
        url = site.environment("web")["DATABASE_URL"]
        host, port = re.search(r"@([^:/]+):(\d+)/", url).groups()  # type: ignore[union-attr]
        self.environment = {**site.environment("web"), "PGHOST": host, "PGPORT": port}

    def run(self, line: str) -> None:
        docker = line.removeprefix("docker compose ")
        if docker == line:
            subprocess.run(line, shell=True, cwd=self.site.folder, check=True)
        elif docker.startswith("stop "):
            for name in docker.split()[1:]:
                end(self.site, name)
        elif docker == "restart redis":
            port = self.site.servers["redis"].port
            end(self.site, "redis")
            self.site.servers["redis"] = self.stack.enter_context(services.redis_server(port))
        elif docker.startswith("up "):
            for name, port, ready in (("worker", 0, "ready."), ("web", self.site.web_port, "")):
                started = start_service(self.site, name, port=port, ready=ready)
                self.site.servers[name] = self.stack.enter_context(started)
        else:
            self.shell(re.sub(r"^(exec -T postgres|run --rm --no-deps( -T)? web) ", "", docker))

    def shell(self, command: str) -> None:
        folder = self.site.folder
        native = command.replace("/srv/qudao", str(folder))
        path = f"{services.postgresql_program('pg_dump').parent}:{BIN}:{os.environ['PATH']}"
        done = subprocess.run(
            native,
            shell=True,
            cwd=folder,
            env={**self.environment, "PATH": path},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{native}\n{done.stdout}{done.stderr}"


def end(site: Production, name: str) -> None:
    server = site.servers[name].process
    server.send_signal(signal.SIGTERM)
    server.wait()


def look(site: Production) -> dict[str, object]:
    return dict(json.loads(shell(site, LOOK).splitlines()[-1]))


def shell(site: Production, code: str) -> str:
    return site.run("django-admin", "shell", "-v", "0", "-c", code, PYTHONPATH=str(compose.ROOT)).strip()


@pytest.fixture
def running() -> Iterator[tuple[Production, MailServer, ExitStack]]:
    with ExitStack() as stack:
        mails = stack.enter_context(mail_server())
        try:
            site = stack.enter_context(
                production_shape(QUDAO_EMAIL_URL=f"smtp://{LOOPBACK}:{mails.port}?timeout=5")
            )
        except services.CannotRun as reason:
            if "not installed" in str(reason):
                pytest.skip(str(reason))
            raise
        yield site, mails, stack


@pytest.mark.services
@pytest.mark.slow
def test_a_backup_brings_everything_back_and_sends_nothing_twice(
    running: tuple[Production, MailServer, ExitStack],
) -> None:
    site, mails, stack = running
    machine = Machine(site, stack)
    end(site, "worker")
    shell(site, MAKE)
    before = look(site)
    assert before["waiting"] and before["orders"]
    for line in lines("backup"):
        machine.run(line)

    site.servers["worker"] = stack.enter_context(start_service(site, "worker", ready="ready."))
    shell(site, LATER.format(name="lost"))
    services.until(lambda: look(site)["waiting"] == 0)
    assert {"before@example.com", "lost@example.com"} <= set(mails.mailboxes)
    last = look(site)["last"]
    for folder in ("media", "private"):
        for path in (site.folder / folder).iterdir():
            shutil.rmtree(path)

    for line in lines("restore"):
        machine.run(line)
    after = look(site)
    for name in ("companies", "orders", "files", "search"):
        assert after[name] == before[name], name
    assert after["last"] > last  # type: ignore[operator]
    assert json.loads(site.open("/readyz", port=site.web_port).text)["ok"] is True

    shell(site, LATER.format(name="after"))
    services.until(lambda: "after@example.com" in mails.mailboxes)
    names = [(to, str(mail["Message-ID"])) for to, mail in mails.taken]
    assert sorted(set(names)) == sorted(names)
    assert [
        to for to in mails.mailboxes if to in ("before@example.com", "lost@example.com", "after@example.com")
    ] == [
        "after@example.com",
        "before@example.com",
        "lost@example.com",
    ]
    assert "set_aside" in shell(
        site,
        "from qudao_core.models import OutboxEvent\n"
        "print(OutboxEvent.objects.get(topic='site.restored').payload)",
    )


@pytest.mark.slow
@pytest.mark.any_database
def test_a_sqlite_file_is_backed_up_while_it_is_written_to(tmp_path: Path) -> None:
    """The documented ``.backup`` takes a whole state of the file although somebody is writing."""
    if not shutil.which("sqlite3"):
        pytest.skip("sqlite3 is not installed (Debian package sqlite3).")
    (line,) = re.findall(
        r'`sqlite3 \.qudao/qudao\.sqlite3 "(\.backup) backup\.sqlite3"`', HOW_TO.read_text(encoding="utf-8")
    )
    data = tmp_path / "qudao.sqlite3"
    shutil.copy(SQLite.template(), data)
    environment = os.environ | {
        "PYTHONPATH": str(compose.ROOT),
        "DATABASE_URL": f"sqlite:///{data}",
        "QUDAO_DATA_DIR": str(tmp_path),
    }

    def manage(*arguments: str) -> str:
        command = [sys.executable, "-W", "ignore", str(compose.ROOT / "site" / "manage.py"), *arguments]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    manage("shell", "-v", "0", "-c", MAKE)
    writer = sqlite3.connect(data, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE qudao_partner_portal_company SET name = 'Half written'")
    subprocess.run(["sqlite3", str(data), f"{line} {tmp_path / 'backup.sqlite3'}"], check=True)
    writer.execute("ROLLBACK")
    writer.close()
    for path in tmp_path.glob("qudao.sqlite3*"):
        path.unlink()
    shutil.copy(tmp_path / "backup.sqlite3", data)
    assert re.search(r"[1-9]\d* deliveries set aside", manage("after_restore"))
    told = json.loads(manage("shell", "-v", "0", "-c", LOOK).splitlines()[-1])
    assert "Chengdu Lamps" in told["companies"] and "Half written" not in told["companies"]
    assert told["orders"] and told["files"] == ["a picture", "for partners only"]
