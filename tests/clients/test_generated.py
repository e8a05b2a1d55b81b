"""Clients generated from the served document compile and go through the ordering guide on a running server."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.node import SOURCE, node_program, run_tool

pytestmark = [pytest.mark.slow, pytest.mark.any_database("what is tried are the clients")]

EVERY_MODULE = """
import importlib, pkgutil, qudao_client
for each in pkgutil.walk_packages(qudao_client.__path__, "qudao_client."):
    importlib.import_module(each.name)
"""

Server = Callable[[], list[str]]


def succeeded(done: "subprocess.CompletedProcess[str]") -> None:
    assert done.returncode == 0, (done.stdout + done.stderr)[-6000:]


def run(*command: str | Path, cwd: Path, **environment: str) -> None:
    succeeded(
        subprocess.run(
            command, cwd=cwd, capture_output=True, text=True, check=False, env={**os.environ, **environment}
        )
    )


def test_the_python_client_orders(server: Server, schema_file: Path, tmp_path: Path) -> None:
    generate = [Path(sys.executable).with_name("openapi-python-client"), "generate", "--meta", "none"]
    generate += ["--path", schema_file, "--output-path", tmp_path / "qudao_client"]
    run(*generate, "--config", SOURCE / "python.yaml", "--fail-on-warning", cwd=tmp_path)
    run(sys.executable, "-c", EVERY_MODULE, cwd=tmp_path, PYTHONPATH=str(tmp_path))
    run(sys.executable, SOURCE / "ordering.py", *server(), cwd=tmp_path, PYTHONPATH=str(tmp_path))


def test_the_typescript_client_compiles_and_orders(
    server: Server, schema_file: Path, node: Path, tmp_path: Path
) -> None:
    for name in ("ordering.ts", "tsconfig.json", "package.json"):
        shutil.copy(SOURCE / name, tmp_path)
    (tmp_path / "node_modules").symlink_to(node / "node_modules")
    succeeded(run_tool("openapi-typescript", schema_file, "-o", "schema.d.ts", cwd=tmp_path))
    succeeded(run_tool("tsc", "--noEmit", "--strict", "-p", ".", cwd=tmp_path))
    succeeded(run_tool("tsc", "-p", ".", cwd=tmp_path))
    run(node_program(), "out/ordering.js", *server(), cwd=tmp_path)
