"""The sign-in of hosts that have none of their own."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.urls import include, path
from qudao_partner_portal import testing
from qudao_partner_portal.urls import sign_in_urlpatterns
from qudao_site.urls import urlpatterns as site_urlpatterns

urlpatterns = [path("own/", include(sign_in_urlpatterns)), *site_urlpatterns]

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]
NEW = "a completely other one"


def test_a_forgotten_password_is_set_anew(client: Client) -> None:
    person = testing.make_person(testing.make_company("Maker"), name="Ann")
    assert "Send the link" in client.get("/own/password/new/").content.decode()
    client.post("/own/password/new/", {"email": person.email})
    link = re.search(r"http://127.0.0.1:8000(/own/password/new/\S+)", str(mail.outbox[0].body))
    assert link, mail.outbox[0].body
    form = client.get(link[1], follow=True).request["PATH_INFO"]
    assert client.post(form, {"new_password1": NEW, "new_password2": NEW})["Location"].endswith("/login/")
    person = get_user_model().objects.get(pk=person.pk)
    assert person.check_password(NEW)
    assert "no longer works" in Client().get(link[1], follow=True).content.decode()


def test_signing_in_leads_on_and_signing_out_ends_it(client: Client) -> None:
    person = testing.make_person(testing.make_company("Maker"), name="Ann")
    assert "Forgot your password?" in client.get("/own/login/").content.decode()
    form = {"username": person.email, "password": testing.PASSWORD, "next": "/profile/"}
    assert client.post("/own/login/", form)["Location"] == "/profile/"
    assert "_auth_user_id" in client.session
    assert client.get("/own/password/").status_code == 200
    client.post("/own/logout/")
    assert "_auth_user_id" not in client.session
