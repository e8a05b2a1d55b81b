"""`./qudao demo`: what it says, that it stops, that it starts again, and what it does about trouble."""

import os
import signal
import subprocess
import urllib.request

import pytest

from tests import services
from tests.e2e.demo import ROOT, Demo, demo, environment

pytestmark = [pytest.mark.services, pytest.mark.slow]


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{process}/stat", encoding="utf-8") as stat:
        return stat.read().rpartition(")")[2].split()[0] != "Z"


def run(data: os.PathLike[str], *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [ROOT / "qudao", "demo", *options],
        env=environment(data),  # type: ignore[arg-type]
        capture_output=True,
        text=True,
        check=False,
    )


def test_it_serves_and_says_where_and_for_whom(channel: Demo) -> None:
    said = channel.said
    assert f"{channel.url}/" in said and "Ctrl-C" in said
    for who in ("buyer", "approver", "distributor", "editor", "manager", "administrator"):
        assert who in said.lower()
    assert urllib.request.urlopen(f"{channel.url}/accounts/login/").status == 200


def test_its_data_is_private(channel: Demo) -> None:
    assert channel.data.stat().st_mode & 0o077 == 0


def test_a_second_one_says_that_the_first_runs(channel: Demo) -> None:
    second = run(channel.data, "--port", str(channel.server.port))
    assert second.returncode == 1
    assert "already runs" in second.stderr and str(channel.server.process.pid) in second.stderr


def test_a_port_in_use_is_named_with_the_way_out(tmp_path: "os.PathLike[str]", channel: Demo) -> None:
    other = run(tmp_path, "--port", str(channel.server.port))  # type: ignore[arg-type]
    assert other.returncode == 1
    assert f"./qudao demo --port {channel.server.port + 1}" in other.stderr


@pytest.mark.parametrize("option", ["--prot", "--port=abc", "--lang=fr"])
def test_a_wrong_option_is_explained(tmp_path: "os.PathLike[str]", option: str) -> None:
    wrong = run(tmp_path, option)
    assert wrong.returncode == 1 and option.partition("=")[2] in wrong.stderr and "--" in wrong.stderr


def test_it_stops_with_everything_it_started_and_starts_again(channel: Demo) -> None:
    """On the data that is there: nothing is made again."""
    with demo(channel.data) as again:
        started = again.processes()
        assert len(started) >= 4  # the command, the server with a worker, the dispatcher
        assert "Filling" not in again.said and "Creating" not in again.said
        again.server.process.send_signal(signal.SIGINT)
        services.until(lambda: not any(map(alive, started)))
    assert not services.listening(again.server.port)


def test_nothing_survives_when_it_is_killed(channel: Demo) -> None:
    with demo(channel.data) as again:
        started = again.processes()
        again.server.process.kill()
        again.server.process.wait()
        services.until(lambda: not any(map(alive, started)))
