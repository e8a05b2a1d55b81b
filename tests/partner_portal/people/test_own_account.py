"""A person's own account in Wagtail's admin, and accounts that an administrator edits there."""

import pytest
from django.test import Client
from qudao_partner_portal.testing import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def ma():
    """One name, as an accepted invitation leaves it."""
    user = make_user("马诺", is_staff=True, is_superuser=True)
    user.first_name, user.last_name = "马诺", ""
    user.save()
    return user


def test_whoever_has_one_name_changes_the_language(ma):
    client = Client()
    client.force_login(ma)
    data = {
        "name_email-first_name": "马诺",
        "name_email-last_name": "",
        "locale-preferred_language": "zh-hans",
        "locale-current_time_zone": "",
        "theme-theme": "dark",
        "theme-contrast": "system",
        "theme-density": "default",
    }
    response = client.post("/admin/account/", data)
    assert response.status_code == 302, response.context["panels_by_tab"]
    ma.refresh_from_db()
    assert (ma.wagtail_userprofile.preferred_language, ma.first_name, ma.last_name) == ("zh-hans", "马诺", "")


def test_an_administrator_edits_an_account_with_one_name(ma):
    client = Client()
    client.force_login(ma)
    fields = client.get(f"/admin/users/edit/{ma.pk}/").context["form"].fields
    assert fields["first_name"].required
    assert not fields["last_name"].required
