"""One real story of the plain site: a company is admitted, invites a person by mail, who joins and reads the page.

Prints what it has seen; ends with an error when something is not as told.
"""

import os
import re
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plain_host.settings")
django.setup()

from django.apps import apps  # noqa: E402 - needs Django to be set up
from django.conf import settings  # noqa: E402 - as above
from django.contrib.auth import get_user_model  # noqa: E402 - as above
from django.core.management import call_command  # noqa: E402 - as above
from django.test import Client  # noqa: E402 - as above
from qudao_partner_portal import api as portal  # noqa: E402 - as above


def mails() -> list[str]:
    return [path.read_text() for path in sorted(Path(settings.EMAIL_FILE_PATH).glob("*.log"))]


def main() -> None:
    assert not apps.is_installed("oscar.config.Shop") and "qudao_catalog" not in apps.app_configs
    boss = get_user_model().objects.create_superuser("boss", "boss@plain.example", "a-long-password-1")
    viewer = portal.viewer_for(boss)
    maker = portal.admit_company(
        viewer=viewer, name="Headquarters", parent_id=None, code="HQ", kind="manufacturer"
    )
    portal.invite(viewer=viewer, company_id=maker.pk, email="ann@plain.example", roles=["admin"])
    call_command("run_dispatcher", "--once")
    link = re.search(r"http://127\.0\.0\.1(/portal/\S*invitation\S*)", mails()[0].replace("=\n", ""))
    assert link, mails()[0]
    guest = Client()
    page = guest.get(link[1], follow=True)
    assert "Headquarters" in page.content.decode(), page.content.decode()[:2000]
    form = {"name": "Ann Admin", "password": "another-long-password-2", "again": "another-long-password-2"}
    guest.post(page.request["PATH_INFO"], form, follow=True)
    ann = get_user_model().objects.get(email="ann@plain.example")
    member = Client()
    member.force_login(ann)
    assert "Headquarters" in member.get("/portal/company/").content.decode()
    me = member.get("/api/v1/me/").json()
    assert me["company"]["code"] == "HQ", me
    assert Client().get("/portal/company/").status_code == 302
    assert Client().get("/admin/").status_code == 302
    admin = Client()
    admin.force_login(boss)
    print("story told: Ann joined Headquarters and reads its page")


main()
