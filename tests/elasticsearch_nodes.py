"""A real Elasticsearch for tests: one node, or a cluster whose nodes can be killed.

The server's whole distribution without its optional modules is a Maven artefact: no image and no download page are
needed, and a cluster started from it is like any other. Security is on, as it is in production.
"""

import base64
import contextlib
import fcntl
import hashlib
import json
import os
import pwd
import re
import shutil
import signal
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.processes import (
    LOOPBACK,
    CannotRun,
    Server,
    account,
    free_port,
    private_folder,
    running,
    until,
    wait_until_it_answers,
)

ELASTICSEARCH = "8.19.21"
ELASTICSEARCH_SHA256 = "215d5f3dbf0609a149f6218a9e47b6ae2df34ebbff3c5754e35f15a5e5393c8a"
ELASTICSEARCH_USER = ("qudao", "for-tests-only")


class Cluster:
    """Running nodes; ``urls`` carry the user who may do everything."""

    def __init__(self, nodes: Sequence[Server]) -> None:
        self.nodes = list(nodes)
        user = ":".join(ELASTICSEARCH_USER)
        self.urls = [f"http://{user}@{LOOPBACK}:{node.port}" for node in nodes]

    def ask(self, path: str, *, node: int = 0) -> Any:
        """What a node answers to a question that needs no client."""
        token = base64.b64encode(":".join(ELASTICSEARCH_USER).encode()).decode()
        address = f"http://{LOOPBACK}:{self.nodes[node].port}{path}"
        request = urllib.request.Request(address, headers={"Authorization": f"Basic {token}"})
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=30) as answer:
            return json.load(answer)

    def is_whole(self) -> bool:
        """Every node has joined, and there is a master."""
        with contextlib.suppress(OSError):
            health = self.ask("/_cluster/health")
            return health["status"] != "red" and health["number_of_nodes"] == len(self.nodes)
        return False

    def master(self) -> int:
        """The number of the elected master."""
        return int(self.ask("/_cat/master?format=json")[0]["node"].rpartition("-")[2])

    def kill(self, number: int) -> None:
        """SIGKILL to everything the node runs: it has no time to say goodbye."""
        os.killpg(self.nodes[number].process.pid, signal.SIGKILL)
        self.nodes[number].process.wait()


def java_home() -> Path:
    """Where a Java lives that runs Elasticsearch: 17 or newer."""
    program = shutil.which("java")
    text = subprocess.run([program, "-version"], capture_output=True, text=True).stderr if program else ""
    found = re.search(r'version "(\d+)', text)
    if not program or not found or int(found[1]) < 17:
        raise CannotRun("Java 17 or newer is not installed (Debian package default-jre-headless).")
    return Path(program).resolve().parent.parent


def maven_program() -> str:
    program = shutil.which("mvn")
    if not program:
        raise CannotRun("Maven, which fetches Elasticsearch, is not installed (Debian package maven).")
    return program


def elasticsearch_archive() -> Path:
    """The distribution, fetched once by Maven into the cache and never used with another checksum."""
    java_home()
    path = Path(__file__).resolve().parent.parent / ".qudao" / "cache" / f"elasticsearch-{ELASTICSEARCH}.zip"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _fetch_elasticsearch(path.parent)
        with path.open("rb") as archive:
            if hashlib.file_digest(archive, "sha256").hexdigest() == ELASTICSEARCH_SHA256:
                return path
        path.unlink()
    raise CannotRun(f"What was fetched as Elasticsearch {ELASTICSEARCH} has another checksum; it is removed.")


def _fetch_elasticsearch(folder: Path) -> None:
    artefact = f"org.elasticsearch.distribution.integ-test-zip:elasticsearch:{ELASTICSEARCH}:zip"
    command = [maven_program(), "-B", "-q", "dependency:copy"]
    command += [f"-Dartifact={artefact}", f"-DoutputDirectory={folder}"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    if done.returncode:
        raise CannotRun(f"Maven cannot fetch Elasticsearch: {(done.stdout or done.stderr).strip()[:300]}")


@contextmanager
def elasticsearch_cluster(nodes: int = 3, *, heap: str = "256m") -> Iterator[Cluster]:
    """Run a cluster of our own with security on; it ends with the block, whichever nodes still live."""
    archive, owner = elasticsearch_archive(), account("elasticsearch")
    with private_folder(owner) as folder, ExitStack() as stack:
        _unpack_elasticsearch(archive, folder, owner)
        ports = [(free_port(), free_port()) for _ in range(nodes)]
        servers = []
        for number, (port, _transport) in enumerate(ports):
            home = _node_folder(folder, number, ports)
            _give(home, owner)
            command = [folder / "elasticsearch" / "bin" / "elasticsearch"]
            environment = _java_environment(home / "config", f"-Xms{heap} -Xmx{heap}")
            start = running(command, folder=home, owner=owner, environment=environment)
            server = stack.enter_context(start)
            server.port = port
            servers.append(server)
        for server in servers:
            wait_until_it_answers(server, "Elasticsearch")
        cluster = Cluster(servers)
        until(cluster.is_whole)
        yield cluster


@contextmanager
def elasticsearch(*, heap: str = "512m") -> Iterator[str]:
    """Run a single node; yields its URL with user and password."""
    with elasticsearch_cluster(1, heap=heap) as cluster:
        yield cluster.urls[0]


def _unpack_elasticsearch(archive: Path, folder: Path, owner: str | None) -> None:
    """The distribution with a user who may do everything; each node copies its configuration."""
    with zipfile.ZipFile(archive) as packed:
        packed.extractall(folder)
    home = (folder / f"elasticsearch-{ELASTICSEARCH}").rename(folder / "elasticsearch")
    for program in (home / "bin").iterdir():
        program.chmod(0o755)
    _give(home / "config", owner)
    name, password = ELASTICSEARCH_USER
    command = [home / "bin" / "elasticsearch-users", "useradd", name, "-p", password, "-r", "superuser"]
    environment = _java_environment(home / "config", "")
    with running(command, folder=folder, owner=owner, environment=environment) as server:
        if server.process.wait(120):
            raise CannotRun(f"elasticsearch-users failed:\n{server.log[-2000:]}")


def _give(folder: Path, owner: str | None) -> None:
    if owner:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, owner, pwd.getpwnam(owner).pw_gid)


def _java_environment(configuration: Path, options: str) -> dict[str, str]:
    ours = {"ES_JAVA_HOME": str(java_home()), "ES_PATH_CONF": str(configuration), "ES_JAVA_OPTS": options}
    return os.environ | ours


def _node_folder(folder: Path, number: int, ports: Sequence[tuple[int, int]]) -> Path:
    """A node's own folder, with the configuration that makes it one of the cluster."""
    home = folder / f"node-{number}"
    shutil.copytree(folder / "elasticsearch" / "config", home / "config")
    settings = _settings(home, number, ports)
    lines = [f"{name}: {value}" for name, value in settings.items()]
    (home / "config" / "elasticsearch.yml").write_text("\n".join(lines), encoding="utf-8")
    return home


def _settings(home: Path, number: int, ports: Sequence[tuple[int, int]]) -> dict[str, object]:
    settings: dict[str, object] = {
        "cluster.name": home.parent.name,
        "node.name": home.name,
        "path.data": home / "data",
        "path.logs": home / "logs",
        "network.host": LOOPBACK,
        "http.port": ports[number][0],
        "transport.port": ports[number][1],
        "xpack.security.enabled": "true",
        "cluster.routing.allocation.disk.threshold_enabled": "false",
        "discovery.initial_state_timeout": "0s",
    }
    if len(ports) == 1:
        return settings | {"discovery.type": "single-node"}
    seeds = [f"{LOOPBACK}:{transport}" for _http, transport in ports]
    names = [f"node-{each}" for each in range(len(ports))]
    return settings | {"discovery.seed_hosts": seeds, "cluster.initial_master_nodes": names}
