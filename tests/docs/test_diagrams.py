"""The pictures in the documents show what there is: `python -m tests.docs.diagrams` makes them."""

import pytest

from tests.docs import diagrams

pytestmark = pytest.mark.any_database


def test_the_pictures_are_up_to_date() -> None:
    stale = [
        path.name
        for path, text in diagrams.pictures().items()
        if not path.exists() or path.read_text(encoding="utf-8") != text
    ]
    assert stale == [], "Run `python -m tests.docs.diagrams`."


def test_every_plugin_and_each_of_its_subjects_stands_in_the_picture() -> None:
    picture = diagrams.floors_svg()
    for package in diagrams.floors():
        assert package in picture
        assert all(f">{name}<" in picture for row in diagrams.layers(package) for name in row)
