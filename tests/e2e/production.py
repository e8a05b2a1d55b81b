"""Starts the processes of docker-compose.yml natively: same commands, other addresses and folders.

Used by the tests of the production shape and by the memory benchmark::

    with production_shape() as site:
        site.open("/healthz")
        site.memory()
"""

import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.apps import apps

from tests import services
from tests.databases import CACHE, PostgreSQL
from tests.e2e import compose
from tests.processes import PATIENCE

BIN = Path(sys.executable).parent
HOST = "channel.example.com"
OUR_PROCESSES = ("web", "worker", "scheduler")


@dataclass
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()


@dataclass
class Production:
    """The running site."""

    folder: Path
    proxy_port: int
    web_port: int
    definition: dict[str, compose.Service]
    servers: dict[str, services.Server] = field(default_factory=dict)

    def open(self, path: str, *, headers: Mapping[str, str] | None = None, port: int | None = None) -> Answer:
        """GET `path` as a browser behind the TLS terminator would; redirects are not followed."""
        connection = http.client.HTTPConnection(services.LOOPBACK, port or self.proxy_port, timeout=PATIENCE)
        sent = {"Host": HOST, "X-Forwarded-Proto": "https"} | dict(headers or {})
        connection.request("GET", path, headers=sent)
        response = connection.getresponse()
        answer = Answer(response.status, dict(response.getheaders()), response.read())
        connection.close()
        return answer

    def run(self, *command: str, **environment: str) -> str:
        """Run a command as a process of the web service, for example `django-admin shell -c …`."""
        return _run(list(command), self.environment("web") | environment, self.folder)

    def environment(self, name: str) -> dict[str, str]:
        return _environment(self.definition[name])

    def memory(self) -> dict[str, int]:
        """The proportional share (PSS) of memory of each of our services with all its processes, in bytes."""
        return {name: sum(map(_pss, descendants(self.servers[name].process.pid))) for name in OUR_PROCESSES}


@contextmanager
def production_shape(**variables: str) -> Iterator[Production]:
    """Start PostgreSQL, Redis, migrate, then web, worker, scheduler and proxy; stop all of it at the end.

    `variables` go beside those of the compose file. Raises `services.CannotRun` where a program is missing.
    """
    with ExitStack() as stack:
        database = urlsplit(stack.enter_context(services.postgresql()))
        redis = stack.enter_context(services.redis_server())
        folder = Path(tempfile.mkdtemp(prefix="qudao-production-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        site = _describe(folder, f"{database.hostname}:{database.port}", f"{services.LOOPBACK}:{redis.port}")
        for service in site.definition.values():
            service.environment.update(variables)
        site.servers["redis"] = redis
        _create_database(database._replace(path="/qudao").geturl(), database.port or 0)
        _run(site.definition["migrate"].command, site.environment("migrate"), folder)
        _collect_static(site)
        for name, port, ready in (
            ("worker", 0, "ready."),
            ("scheduler", 0, "Starting..."),
            ("web", site.web_port, ""),
            ("proxy", site.proxy_port, ""),
        ):
            site.servers[name] = stack.enter_context(start_service(site, name, port=port, ready=ready))
        yield site


def _describe(folder: Path, database: str, redis: str) -> Production:
    web_port, proxy_port = services.free_port(), services.free_port()
    for name in ("media", "private", "static"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    nginx = folder / "qudao.conf"
    translate = {
        "@postgres:5432": f"@{database}",
        "redis:6379": redis,
        "/srv/qudao": str(folder),
        "/tmp/scheduler": str(folder / "scheduler"),
        "/etc/nginx/qudao.conf": str(nginx),
    }
    values = dict.fromkeys(compose.required_variables(), "unused") | {
        "QUDAO_SECRET_KEY": "tests-" + os.urandom(30).hex(),
        "QUDAO_BASE_URL": f"https://{HOST}",
        "QUDAO_ALLOWED_HOSTS": HOST,
        "QUDAO_EMAIL_URL": "smtp://127.0.0.1:25",
        "QUDAO_FROM_EMAIL": f"Channel <channel@{HOST}>",
        "QUDAO_LANGUAGE": "en",
    }
    definition = compose.services(values, translate=translate)
    definition["web"].environment["PORT"] = str(web_port)
    nginx.write_text(_proxy_configuration(folder, web_port, proxy_port), encoding="utf-8")
    return Production(folder, proxy_port, web_port, definition)


def _proxy_configuration(folder: Path, web_port: int, proxy_port: int) -> str:
    """deploy/nginx.conf with other addresses and folders; nothing else may differ."""
    text = (compose.ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    changes = {
        "web:8000": f"{services.LOOPBACK}:{web_port}",
        "listen 8080;": f"listen {services.LOOPBACK}:{proxy_port};",
        "/srv/qudao/": f"{folder}/",
        "include mime.types;": "include /etc/nginx/mime.types;",
        "/tmp/nginx": f"{folder}/nginx",
        "/dev/stdout": f"{folder}/access.log",
    }
    if (
        os.geteuid() == 0
    ):  # the compose file's proxy runs as the user who writes the pictures; so does this one
        changes["worker_processes auto;"] = "worker_processes 1; user root;"
    for old, new in changes.items():
        if old not in text:
            raise ValueError(f"deploy/nginx.conf no longer contains {old!r}")
        text = text.replace(old, new)
    return text


def _create_database(url: str, port: int) -> None:
    """The compose file's PostgreSQL makes this database by itself (POSTGRES_DB).

    When the tests on PostgreSQL have left a migrated one, it is restored, and `migrate` finds nothing to do.
    """
    createdb = services.postgresql_program("createdb")
    subprocess.run([createdb, "-h", services.LOOPBACK, "-p", str(port), "-U", "qudao", "qudao"], check=True)
    if apps.ready and (dump := PostgreSQL.dump()).exists():
        restore = services.postgresql_program("pg_restore")
        subprocess.run([restore, "--no-owner", f"--dbname={url}", dump], check=True)


def _collect_static(site: Production) -> None:
    """Part of the image in production. Compressing takes a minute, so the result is kept by its sources."""
    digest = hashlib.sha256((compose.ROOT / "requirements" / "dev.lock").read_bytes())
    for path in sorted(compose.ROOT.glob("*/qudao_*/static/**/*")):
        digest.update(str(path).encode() + (path.read_bytes() if path.is_file() else b""))
    kept = CACHE / f"static-{digest.hexdigest()[:16]}"
    if not kept.exists():
        for old in CACHE.glob("static-*"):
            shutil.rmtree(old, ignore_errors=True)
        site.run("django-admin", "collectstatic", "--noinput", "--verbosity", "0")
        CACHE.mkdir(parents=True, exist_ok=True)
        shutil.copytree(site.folder / "static", kept.with_suffix(".new"))
        kept.with_suffix(".new").rename(kept)
    shutil.rmtree(site.folder / "static")
    (site.folder / "static").symlink_to(kept)


def _environment(service: compose.Service) -> dict[str, str]:
    base = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return base | {"DJANGO_SETTINGS_MODULE": "qudao_site.settings"} | service.environment


def _program(command: list[str]) -> list[str | Path]:
    """The command with its program where it is here: in our environment, nginx in the system."""
    if command[0] == "nginx":
        return [services.nginx_program(), *command[1:]]
    ours = BIN / command[0]
    return [ours if ours.exists() else command[0], *command[1:]]


def _run(command: list[str], environment: dict[str, str], folder: Path) -> str:
    done = subprocess.run(
        _program(command), env=environment, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise services.CannotRun(f"{' '.join(command)} failed:\n{done.stdout[-2000:]}{done.stderr[-4000:]}")
    return done.stdout


@contextmanager
def start_service(
    site: Production, name: str, *, port: int = 0, ready: str = ""
) -> Iterator[services.Server]:
    """Start one service; it counts as started when it listens on `port` or says `ready` in its log."""
    folder = site.folder / name
    folder.mkdir(exist_ok=True)
    service = site.definition[name]
    with services.running(
        _program(service.command),
        folder=folder,
        port=port,
        ready=ready,
        environment=_environment(service),
    ) as server:
        yield server


def descendants(pid: int) -> list[int]:
    """The process and everything it has started."""
    children = [
        int(child)
        for path in Path(f"/proc/{pid}/task").glob("*/children")
        for child in path.read_text(encoding="ascii").split()
    ]
    return [pid, *(found for child in children for found in descendants(child))]


def _pss(pid: int) -> int:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text(encoding="ascii").splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1]) * 1024
    return 0
