"""One wheel, built and installed once for all tests of hosts."""

from pathlib import Path

import pytest

from tests.hosts import wheel


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> wheel.Environment:
    """An environment that knows Qudao from the wheel only."""
    return wheel.install(built_wheel, tmp_path_factory.mktemp("installed"))
