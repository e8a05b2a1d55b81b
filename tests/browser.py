"""Chromium for tests. One fixture in `tests/conftest.py`: Playwright starts one driver per process."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests import services

#: Milliseconds until what a test expects has to be there; Playwright's own five seconds are short on a busy machine.
PATIENCE = 30_000


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The system's Chromium, without a window; tests open contexts of their own in it."""
    if reason := services.missing("chromium"):
        pytest.skip(reason)
    with pytest.MonkeyPatch.context() as patch:
        # Playwright's driver keeps an event loop in this thread, and Django would refuse the database.
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        with sync_playwright() as driver:
            expect.set_options(timeout=PATIENCE)
            program = str(services.chromium_program())
            browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox"])
            yield browser
            browser.close()
