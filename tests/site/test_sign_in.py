"""One door: sign-in by e-mail with second factors and limits. Every other login page leads to it."""

import re
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
import time_machine
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.contrib.auth import get_user_model
from django.core import mail
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from qudao_partner_portal.testing import PASSWORD
from qudao_site import account_mails
from qudao_site.accounts import AccountAdapter

LOGIN = "/accounts/login/"


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post(LOGIN, {"login": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_dealer_signs_in_by_e_mail_and_comes_home(client: Client, buyer: Any) -> None:
    response = sign_in(client, buyer.email.upper())
    assert (response.status_code, response["Location"]) == (302, "/")
    assert is_signed_in(client)


def test_back_office_people_without_a_company_come_to_the_back_office(client: Client, editor: Any) -> None:
    assert sign_in(client, editor.email)["Location"] == "/admin/"


def test_sign_in_leads_on_to_where_one_wanted_to_go(client: Client, buyer: Any) -> None:
    assert sign_in(client, buyer.email, next="/orders/?state=open")["Location"] == "/orders/?state=open"


def test_sign_in_leads_to_no_other_host(client: Client, buyer: Any) -> None:
    assert sign_in(client, buyer.email, next="https://evil.example/")["Location"] == "/"


def test_a_wrong_password_and_an_unknown_person_look_the_same(client: Client, buyer: Any) -> None:
    def message(email: str) -> str:
        page = sign_in(client, email, "wrong").content.decode()
        return re.sub(r"\s+", " ", page.split('role="alert"')[1].split("</section>")[0])

    assert message(buyer.email) == message("nobody@example.com")
    assert not is_signed_in(client)


def test_a_switched_off_account_is_told_so_after_the_right_password_only(client: Client, buyer: Any) -> None:
    buyer.is_active = False
    buyer.save()
    assert sign_in(client, buyer.email)["Location"] == "/accounts/inactive/"
    assert "This account is disabled" in client.get("/accounts/inactive/").content.decode()
    assert not is_signed_in(client)


def test_guessing_a_password_is_stopped(client: Client, buyer: Any) -> None:
    for _number in range(5):
        sign_in(client, buyer.email, "wrong")
    response = sign_in(client, buyer.email)
    assert not is_signed_in(client)
    assert "Too many failed login attempts" in response.content.decode()


def test_guessing_from_one_address_is_stopped_and_others_go_on(
    client: Client, buyer: Any, settings: Any
) -> None:
    """Behind one proxy of ours, the address is the one it saw; what callers add is not believed."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(20):
        forged = f"10.0.0.{number}, 198.51.100.7"
        headers = {"x-forwarded-for": forged}
        client.post(LOGIN, {"login": f"p{number}@example.com", "password": "wrong"}, headers=headers)
    credentials = {"login": buyer.email, "password": PASSWORD}
    client.post(LOGIN, credentials, headers={"x-forwarded-for": "10.9.9.9, 198.51.100.7"})
    assert not is_signed_in(client)
    client.post(LOGIN, credentials, headers={"x-forwarded-for": "10.9.9.9, 203.0.113.5"})
    assert is_signed_in(client)


@pytest.mark.parametrize(
    ("address", "lands"),
    [
        ("/admin/", "/accounts/login/?next=/admin/"),
        ("/admin/login/?next=/admin/pages/", "/accounts/login/?next=/admin/pages/"),
        ("/_util/login/?next=/x/", "/accounts/login/?next=/x/"),
        ("/dashboard/catalogue/", "/accounts/login/?next=/admin/products/"),
        ("/dashboard/login/?next=/dashboard/", "/accounts/login/?next=/dashboard/"),
        ("/shop/customer/login/", "/accounts/login/"),
        ("/admin/password_reset/", "/accounts/password/reset/"),
    ],
)
def test_every_other_login_page_leads_to_the_one(client: Client, db: None, address: str, lands: str) -> None:
    response = client.get(address, follow=True)
    assert unquote(response.redirect_chain[-1][0]) == lands
    assert 'name="login"' in response.content.decode() or "password_reset" in address


@pytest.mark.parametrize(
    "address", ["/admin/login/", "/dashboard/login/", "/_util/login/", "/shop/customer/login/"]
)
def test_no_other_login_page_takes_a_password(client: Client, buyer: Any, address: str) -> None:
    client.post(address, {"username": buyer.email, "password": PASSWORD, "login-username": buyer.email})
    assert not is_signed_in(client)


def test_nobody_registers_on_their_own(client: Client, db: None) -> None:
    form = {"email": "new@example.com", "password1": PASSWORD, "password2": PASSWORD}
    assert "by invitation" in client.post("/accounts/signup/", form).content.decode()
    assert not get_user_model().objects.exists()


@pytest.mark.parametrize("way", ["signup", "webauthn/signup", "provider/signup"])
@pytest.mark.parametrize("client_kind", ["app", "browser"])
def test_signing_up_tells_nobody_which_addresses_are_known(
    client: Client, buyer: Any, way: str, client_kind: str
) -> None:
    answers = [
        client.post(f"/_allauth/{client_kind}/v1/auth/{way}", given, "application/json")
        for given in (
            {"email": buyer.email, "password": PASSWORD},
            {"email": "new@example.com", "password": PASSWORD},
            {"email": "no address"},
            {},
        )
    ]
    assert [answer.status_code for answer in answers] == [403] * 4
    assert {answer.json()["code"] for answer in answers} == {"sign_up_closed"}


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(client: Client, buyer: Any) -> None:
    client.post("/accounts/password/reset/", {"email": buyer.email})
    (message,) = mail.outbox
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(message.body))
    assert link is not None
    form = client.get(link[1], follow=True)
    new = "a completely other one"
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": new, "password2": new, "action": "change"}, follow=True)
    assert not is_signed_in(client)
    assert sign_in(client, buyer.email, new)["Location"] == "/"
    assert "no longer works" in Client().get(link[1], follow=True).content.decode()


def test_asking_for_a_link_does_not_tell_who_has_an_account(client: Client, buyer: Any) -> None:
    known = client.post("/accounts/password/reset/", {"email": buyer.email})
    unknown = client.post("/accounts/password/reset/", {"email": "nobody@example.com"})
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    assert len(mail.outbox) == 1


def test_the_address_of_an_invitation_counts_as_verified(buyer: Any) -> None:
    address = EmailAddress.objects.get(user=buyer)
    assert (address.email, address.verified, address.primary) == (buyer.email, True, True)


def current_code(secret: str) -> str:
    return format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))


@pytest.fixture
def _clock_stands_still() -> Iterator[None]:
    """A code of the second factor counts for thirty seconds: making and entering it are one moment here."""
    with time_machine.travel(timezone.now(), tick=False):
        yield


def set_up_second_factor(client: Client) -> None:
    form = client.get("/accounts/2fa/totp/activate/")
    if form.status_code == 302:
        client.post(form["Location"], {"password": PASSWORD})
        form = client.get("/accounts/2fa/totp/activate/")
    secret = form.context["form"].secret
    done = client.post("/accounts/2fa/totp/activate/", {"code": current_code(secret)})
    assert done.status_code == 302


@pytest.mark.usefixtures("_clock_stands_still")
def test_with_a_second_factor_the_password_alone_opens_nothing(buyer: Any) -> None:
    device = Client()
    sign_in(device, buyer.email)
    set_up_second_factor(device)
    page = device.get("/accounts/2fa/recovery-codes/").content.decode()
    codes = re.findall(r"\b[0-9a-f]{8}\b|\b\d{8}\b", page)

    other = Client()
    response = sign_in(other, buyer.email)
    assert response["Location"].startswith("/accounts/2fa/authenticate/")
    assert not is_signed_in(other)
    assert "authenticator app" in other.get(response["Location"]).content.decode()
    other.post("/accounts/2fa/authenticate/", {"code": "000000"})
    assert not is_signed_in(other)
    other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
    assert is_signed_in(other)


def test_an_app_signs_in_headless_and_calls_the_api(client: Client, buyer: Any) -> None:
    credentials = {"email": buyer.email, "password": PASSWORD}
    answer = client.post("/_allauth/app/v1/auth/login", credentials, content_type="application/json")
    token = answer.json()["meta"]["session_token"]
    app = Client(headers={"x-session-token": token})
    assert app.get("/api/v1/schema/").status_code == 200
    assert app.get("/_allauth/app/v1/auth/session").json()["data"]["user"]["email"] == buyer.email


def test_pages_about_the_account_speak_the_theme(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    for address in ("/accounts/password/change/", "/accounts/email/", "/accounts/2fa/"):
        page = client.get(address).content.decode()
        assert page.count("<h1") == 1
        assert 'class="qd-tabs"' in page
        assert 'aria-current="page"' in page


def test_signing_out_asks_first_and_ends_the_session(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    assert "Sign out" in client.get("/accounts/logout/").content.decode()
    assert is_signed_in(client)
    client.post("/accounts/logout/")
    assert not is_signed_in(client)


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_mails_about_an_account_name_this_site_in_the_readers_language(buyer: Any, language: str) -> None:
    context = {
        "email": "a@example.org",
        "from_email": "a@example.org",
        "to_email": "b@example.org",
        "deleted_email": "c@example.org",
        "password_reset_url": "https://shop.test/reset/",
        "activate_url": "https://shop.test/confirm/",
        "code": "",
        "ip": "10.0.0.1",
        "user_agent": "Firefox",
        "timestamp": timezone.now(),
        "current_site": SimpleNamespace(name="example.com", domain="example.com"),
        "user": buyer,
    }
    with override(language):
        for prefix in [*account_mails.MAILS, "account/email/email_confirmation", "account/email/login_code"]:
            written = AccountAdapter().render_mail(prefix, "a@example.org", context)
            text = f"{written.subject}\n{written.body}"
            assert "example.com" not in text and "Qudao" in text, text
            has_chinese = bool(re.search("[一-鿿]", written.subject))
            assert has_chinese == (language == "zh-hans"), written.subject


def test_a_mail_about_a_change_says_who_made_it_and_what_to_do(client: Client, buyer: Any) -> None:
    sign_in(client, buyer.email)
    new = "a completely other one"
    client.post("/accounts/password/change/", {"oldpassword": PASSWORD, "password1": new, "password2": new})
    (message,) = mail.outbox
    assert message.subject == "Your password was changed"
    assert "IP address: 127.0.0.1" in message.body
    assert "set a new password at once and tell your administrator" in message.body
