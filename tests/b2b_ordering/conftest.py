from __future__ import annotations

import pytest

from .channel import Channel, make_channel


@pytest.fixture
def channel(db: None) -> Channel:
    return make_channel()
