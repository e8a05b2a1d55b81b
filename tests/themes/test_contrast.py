"""WCAG 2.2 AA, computed from the token files: every brand, light and dark."""

import itertools

import pytest

from .tokens import BRANDS, colours, contrast

GROUNDS = ("ground", "surface", "sunken", "raised", "hover")
STATES = ("ok", "low", "out", "waiting", "late", "locked", "info")

#: ink, ground: text, 4.5 : 1.
TEXT = [
    *itertools.product(("text", "text-2", "brand-text", *STATES), GROUNDS),
    *((state, f"{state}-soft") for state in STATES),
    *(("text", f"{state}-soft") for state in STATES),
    *itertools.product(("text", "text-2", "brand-text"), ("brand-soft",)),
    ("on-brand", "brand"),
    ("on-brand", "brand-strong"),
    ("on-deep", "deep"),
    ("on-deep-2", "deep"),
]
#: edges of controls, focus rings, marks and chart series: 3 : 1.
GRAPHICS = [
    *itertools.product(("field-line", "focus", "brand"), ("ground", "surface", "sunken", "raised")),
    *itertools.product(("chart-2", "chart-3", "chart-4"), ("surface",)),
    ("glow", "deep"),
]

DRESSES = [(brand, scheme) for brand in BRANDS for scheme in ("light", "dark")]


@pytest.mark.any_database
@pytest.mark.parametrize(("brand", "scheme"), DRESSES)
def test_text_can_be_read(brand: str, scheme: str) -> None:
    colour = colours(brand, scheme)
    bad = {
        f"{ink} on {ground}": round(contrast(colour[ink], colour[ground]), 2)
        for ink, ground in TEXT
        if contrast(colour[ink], colour[ground]) < 4.5
    }
    assert bad == {}


@pytest.mark.any_database
@pytest.mark.parametrize(("brand", "scheme"), DRESSES)
def test_controls_focus_and_marks_can_be_seen(brand: str, scheme: str) -> None:
    colour = colours(brand, scheme)
    bad = {
        f"{mark} on {ground}": round(contrast(colour[mark], colour[ground]), 2)
        for mark, ground in GRAPHICS
        if contrast(colour[mark], colour[ground]) < 3
    }
    assert bad == {}


@pytest.mark.any_database
def test_the_two_brands_differ_in_every_brand_token() -> None:
    lanhe, anshe = colours("lanhe", "light"), colours("anshe", "light")
    same = [
        name
        for name in ("brand", "brand-strong", "brand-soft", "deep", "glow", "ground")
        if lanhe[name] == anshe[name]
    ]
    assert same == []


@pytest.mark.any_database
def test_the_ratio_is_computed_as_the_standard_says() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)
