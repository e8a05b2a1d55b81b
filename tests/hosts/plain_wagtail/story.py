"""One real story of the plain site: a company is admitted, invites a person by mail, who joins and reads the page.

Prints what it has seen; ends with an error when something is not as told.
"""

import os
import re
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mysite.settings.dev")
django.setup()

from crawl import every_page  # noqa: E402 - as above
from django.apps import apps  # noqa: E402 - needs Django to be set up
from django.conf import settings  # noqa: E402 - as above
from django.contrib.auth import get_user_model  # noqa: E402 - as above
from django.core.management import call_command  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from qudao_core import api as core  # noqa: E402 - needs Django to be set up
from qudao_partner_portal import api as portal  # noqa: E402 - as above


def mails() -> list[str]:
    return [path.read_text() for path in sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"))]


def main() -> None:
    assert not apps.is_installed("oscar.config.Shop") and "qudao_catalog" not in apps.app_configs
    boss = get_user_model().objects.create_superuser("boss", "boss@plain.example", "a-long-password-1")
    viewer = core.viewer_for(boss)
    maker = portal.admit_company(
        viewer=viewer, name="Headquarters", parent_id=None, code="HQ", kind="manufacturer"
    )
    portal.invite(viewer=viewer, company_id=maker.pk, email="ann@plain.example", roles=["admin"])
    call_command("run_dispatcher", "--once")
    link = re.search(
        r"https://channel\.example\.com(/channel/\S*invitation\S*)", mails()[0].replace("=\n", "")
    )
    assert link, mails()[0]
    guest = Client()
    page = guest.get(link[1], follow=True)
    assert "Headquarters" in page.content.decode(), page.content.decode()[:2000]
    form = {"name": "Ann Admin", "password": "another-long-password-2", "again": "another-long-password-2"}
    guest.post(page.request["PATH_INFO"], form, follow=True)
    member = sign_in("ann@plain.example", "another-long-password-2")
    home = member.get("/channel/").content.decode()
    assert "mysite" in home and "Lanhe" not in home, "the site has a name of its own"
    assert "Headquarters" in member.get("/channel/company/").content.decode()
    me = member.get("/api/v1/me/").json()
    assert me["company"]["code"] == "HQ", me
    seen = every_page(member, "/channel/")
    assert {"/channel/company/people/", "/channel/profile/", "/accounts/password/"} <= seen, seen
    assert not apps.is_installed("oscar.config.Shop") and Client().get("/admin/").status_code == 302
    sets_a_new_password()
    member.post("/accounts/logout/")
    assert member.get("/channel/company/").status_code == 302
    print("story told: Ann joined Headquarters, found every page and set a new password")


def sign_in(email: str, password: str) -> Client:
    """From a page of the portal to the sign-in it leads to, and back."""
    client = Client()
    asked = client.get("/channel/company/", follow=True)
    assert asked.status_code == 200 and asked.request["PATH_INFO"] == "/accounts/login/", asked.redirect_chain
    answer = client.post(
        asked.request["PATH_INFO"] + "?next=/channel/company/", {"username": email, "password": password}
    )
    assert (answer.status_code, answer["Location"]) == (302, "/channel/company/"), answer.content.decode()
    return client


def sets_a_new_password() -> None:
    Client().post("/accounts/password/new/", {"email": "ann@plain.example"}, follow=True)
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", mails()[-1].replace("=\n", ""))
    assert found, mails()[-1]
    client = Client()
    form = client.get(found[1], follow=True).request["PATH_INFO"]
    new = "a-third-long-password-3"
    assert client.post(form, {"new_password1": new, "new_password2": new})["Location"] == "/accounts/login/"
    sign_in("ann@plain.example", new)


main()
