"""A filled demo channel, made once and served for all tests of pages."""

from collections.abc import Iterator

import pytest

from tests.e2e.demo import Demo, demo


@pytest.fixture(scope="session")
def channel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo, running; tests share it and leave other people's work alone."""
    with demo(tmp_path_factory.mktemp("demo") / "data") as running:
        yield running
