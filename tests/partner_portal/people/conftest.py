from collections.abc import Iterator

import pytest
from qudao_partner_portal import hooks


@pytest.fixture
def confirmed_sign_in() -> Iterator[None]:
    """A site that asks nobody to confirm the sign-in (what the reference site does: tests/site/test_tokens.py)."""
    asked = list(hooks.sign_in_confirmations.items())
    for key, _ask in asked:
        hooks.sign_in_confirmations.unregister(key)
    yield
    for key, ask in asked:
        hooks.sign_in_confirmations.register(key, ask)
