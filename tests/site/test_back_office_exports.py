"""What the back office writes into files is in the language of who reads it, and names its columns in words."""

import csv
import io
import re

import pytest
from django.conf import settings
from django.test import Client
from qudao_partner_portal.testing import make_user
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db

LISTS = (
    "/admin/arrivals/",
    "/admin/channel/companies/",
    "/admin/orders/",
    "/admin/price-lists/",
    "/admin/products/",
    "/admin/reports/document-texts/",
    "/admin/reports/searches/",
    "/admin/search/synonyms/",
    "/admin/stock-levels/",
    "/admin/stockmovement/",
)
#: The same word in both languages, and an attribute's code, which the import reads.
SAME = re.compile(r"ERP|SKU|attr:.*")


@pytest.fixture
def office() -> Client:
    """Whose browser is English, and who reads the back office in Chinese."""
    user = make_user("Root", is_staff=True, is_superuser=True)
    UserProfile.objects.create(user=user, preferred_language="zh-hans")
    client = Client()
    client.force_login(user)
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


@pytest.mark.parametrize("path", LISTS)
def test_columns_are_named_in_the_readers_language(office: Client, path: str) -> None:
    response = office.get(path, {"export": "csv"})
    content = response.getvalue() if hasattr(response, "getvalue") else response.content
    header = next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert header
    assert [name for name in header if name.isascii() and not SAME.fullmatch(name)] == []
