"""A small handbook for the channel's named people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest
from qudao_catalog.handbook import services
from qudao_catalog.testing import grant, make_product

from ..conftest import Channel


@dataclass(frozen=True)
class Book:
    """Mounting (downlights, rails) for members; Selling for gold dealers only, but its greeting for all members."""

    handbook: Any
    mounting: Any
    selling: Any
    downlights: Any
    rails: Any
    objection: Any
    greeting: Any
    lamp: Any
    secret: Any


@pytest.fixture
def book(channel: Channel) -> Book:
    lamp = make_product("LH-D09", title="Downlight 9 W", title_zh="筒灯 9W")
    secret = make_product("LH-X1", title="Secret beam")
    grant("members", products=[lamp])
    grant("tier:gold", products=[secret])
    handbook = services.save_handbook(slug="lights", title="Light handbook", summary="All about lamps.")
    mounting = services.save_chapter(parent=handbook, slug="mounting", title="Mounting")
    selling = services.save_chapter(
        parent=handbook, slug="selling", title="Selling", summary="For gold.", audience=["tier:gold"]
    )
    return Book(
        handbook=handbook,
        mounting=mounting,
        selling=selling,
        downlights=services.save_topic(
            parent=mounting,
            slug="downlights",
            title="Recessed downlights",
            summary="How to fit them.",
            kind="installation",
            body=[("heading", "Cut the hole"), ("text", "<p>Use a hole saw of 75 mm.</p>")],
            products=["LH-D09", ("LH-X1", "mentions")],
        ),
        rails=services.save_topic(
            parent=mounting, slug="rails", title="Rails", body=[("text", "<p>Level them.</p>")]
        ),
        objection=services.save_topic(
            parent=selling,
            slug="too-dear",
            title="It is too dear",
            kind="objection",
            body=[
                (
                    "script",
                    {
                        "customer_says": "Too dear!",
                        "answer": "<p>Count the hours.</p>",
                        "products": ["LH-D09"],
                    },
                )
            ],
        ),
        greeting=services.save_topic(
            parent=selling,
            slug="greeting",
            title="Say hello",
            audience=["members"],
            body=[("text", "<p>Hi.</p>")],
        ),
        lamp=lamp,
        secret=secret,
    )
