"""The saved column mappings have a page: own and shared, renamed, shared, deleted, and the files they have read."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from qudao_b2b_ordering.testing import make_price_list
from qudao_catalog.testing import make_product
from qudao_core.audit.queries import history
from qudao_core.imports import services
from qudao_core.imports.mapping.services import save_mapping
from qudao_core.imports.models import SavedMapping
from qudao_partner_portal.testing import make_back_office, make_company, viewer_of
from rest_framework.test import APIClient

pytestmark = pytest.mark.django_db

FILE = b"Artikel;VK\nLH-1;3\n"
MAPPING = {
    "header": 1,
    "delimiter": ";",
    "sources": [{"field": "product", "columns": [1]}, {"field": "unit_price", "columns": [2]}],
}
INDEX = "qudao_imports:kept"


@pytest.fixture
def ida():
    return make_back_office("Ida Import", is_superuser=True)


@pytest.fixture
def job(ida):
    make_price_list("base", seller=make_company("Maker"))
    make_product("LH-1")
    first = bring(ida, mapping=MAPPING)
    save_mapping(
        viewer=viewer_of(ida), kind="prices", shape=first.shape, mapping=MAPPING, name="Maker's list"
    )
    return bring(ida)


@pytest.fixture
def kept(job):
    return SavedMapping.objects.get()


@pytest.fixture
def shared(kept):
    other = make_company("Other")
    return SavedMapping.objects.create(
        kind="prices", shape="x", name="Of others", mapping=MAPPING, company_id=other.pk, is_shared=True
    )


def bring(user, **given):
    return services.upload(
        viewer=viewer_of(user),
        kind="prices",
        file=ContentFile(FILE),
        name="maker.csv",
        options={"price_list": "base"},
        **given,
    )


def page(client, *arguments):
    return client.get(reverse("qudao_imports:saved_mapping" if arguments else INDEX, args=arguments))


def test_the_empty_page_says_how_one_is_saved(ida, client):
    client.force_login(ida)
    assert "No column mapping has been saved yet" in page(client).content.decode()


def test_own_and_shared_ones_with_the_files_they_read(ida, job, kept, shared, client):
    client.force_login(ida)
    text = page(client).content.decode()
    assert "Maker&#x27;s list" in text and "Of others" in text and "everyone (shared by others)" in text
    text = page(client, kept.pk).content.decode()
    assert "maker.csv" in text and reverse("qudao_imports:job", args=[job.pk]) in text
    assert "<td>SKU</td><td>A</td>" in text


def test_renamed_shared_and_deleted_on_the_page(ida, kept, client):
    client.force_login(ida)
    address = reverse("qudao_imports:saved_mapping", args=[kept.pk])
    assert client.post(address, {"name": " "}).status_code == 422
    client.post(address, {"name": "New name", "is_shared": "1"})
    kept.refresh_from_db()
    assert (kept.name, kept.is_shared) == ("New name", True)
    assert history(kept, 1)[0].action == "qudao.import.mapping_changed"
    client.post(address, {"name": "New name"})
    kept.refresh_from_db()
    assert not kept.is_shared
    assert client.post(address, {"action": "delete"}).headers["Location"] == reverse(INDEX)
    assert not SavedMapping.objects.exists()


def test_those_of_others_are_read_only(ida, shared, client):
    client.force_login(ida)
    assert "only they can change it" in page(client, shared.pk).content.decode()
    client.post(reverse("qudao_imports:saved_mapping", args=[shared.pk]), {"action": "delete"})
    client.post(reverse("qudao_imports:saved_mapping", args=[shared.pk]), {"name": "Mine"})
    shared.refresh_from_db()
    assert shared.name == "Of others"


def test_unknown_and_private_ones_look_the_same(ida, shared, client):
    SavedMapping.objects.filter(pk=shared.pk).update(is_shared=False)
    client.force_login(ida)
    assert page(client, shared.pk).status_code == page(client, 0).status_code == 404


def test_a_person_without_imports_sees_no_page(kept, client):
    client.force_login(make_back_office("Stefan Stranger"))
    assert page(client).status_code in (302, 403) and page(client, kept.pk).status_code in (302, 403)


def test_through_the_api(ida, kept, shared):
    client = APIClient()
    client.force_authenticate(ida)
    address = f"/api/v1/import-mappings/{kept.pk}/"
    assert client.get(address).json()["files"] == 1
    done = client.patch(
        address, {"name": "N", "is_shared": True}, format="json", headers={"Idempotency-Key": "k1"}
    )
    assert (done.status_code, done.json()["name"], done.json()["is_shared"]) == (200, "N", True)
    listed = client.get("/api/v1/import-mappings/?kind=prices").json()["results"]
    assert {each["name"]: each["is_own"] for each in listed} == {"N": True, "Of others": False}
    foreign = f"/api/v1/import-mappings/{shared.pk}/"
    refused = client.patch(foreign, {"name": "N"}, format="json", headers={"Idempotency-Key": "k2"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_yours")
    assert client.delete(foreign, headers={"Idempotency-Key": "k3"}).status_code == 403
    assert client.delete(address, headers={"Idempotency-Key": "k4"}).status_code == 204
    assert client.get(address).status_code == 404
