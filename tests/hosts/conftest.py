"""One wheel, built and installed once for all tests of hosts."""

from pathlib import Path

import pytest

from tests.hosts import wheel


@pytest.fixture(scope="session")
def built_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return wheel.build(tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="session")
def installed(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> wheel.Environment:
    """An environment that knows Qudao from the wheel only, with all that the reference site needs."""
    return wheel.install(built_wheel, tmp_path_factory.mktemp("installed"), "site")


@pytest.fixture(scope="session")
def with_the_portal(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> wheel.Environment:
    """What `pip install "qudao[portal]"` makes."""
    return wheel.install(built_wheel, tmp_path_factory.mktemp("portal"), "portal")


@pytest.fixture(scope="session")
def with_ordering(built_wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> wheel.Environment:
    """What `pip install "qudao[ordering]"` makes."""
    return wheel.install(built_wheel, tmp_path_factory.mktemp("ordering"), "ordering")
