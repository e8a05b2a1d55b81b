"""What a host forgot is said by ``manage.py check``."""

from typing import Any

from qudao_partner_portal.checks import check_installation


def ids() -> list[str]:
    return [str(found.id).rpartition(".")[2] for found in check_installation(None)]


def test_the_reference_site_forgot_nothing() -> None:
    assert ids() == []


def test_what_is_missing_is_named(settings: Any) -> None:
    settings.MIDDLEWARE = []
    settings.TEMPLATES = [{"BACKEND": "x"}]
    assert ids() == ["E001", "W001"]
    assert all(found.hint for found in check_installation(None))
