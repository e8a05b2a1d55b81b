"""The same import in Wagtail's admin."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from qudao_core.imports import services
from qudao_core.imports.models import ImportJob
from qudao_partner_portal.companies.models import Tier
from qudao_partner_portal.testing import make_back_office

pytestmark = pytest.mark.django_db

CSV = "code,name,rank,Colour\ngold,Gold,1,y\nsilver,Silver,two,n\n"


@pytest.fixture
def office(client):
    person = make_back_office(
        "Olga Office", permissions=["wagtailadmin.access_admin", "qudao_partner_portal.change_tier"]
    )
    client.force_login(person)
    return client


def upload(client, text=CSV, **options):
    data = {"file": SimpleUploadedFile("tiers.csv", text.encode()), "option_mode": "all", **options}
    return client.post("/admin/imports/new/test-tiers/", data, follow=True)


def test_from_the_menu_to_the_result(office):
    assert "/admin/imports/" in office.get("/admin/").content.decode()
    chosen = office.get("/admin/imports/new/").content.decode()
    assert "/admin/imports/new/test-tiers/" in chosen
    form = office.get("/admin/imports/new/test-tiers/").content.decode()
    assert 'name="option_prefix"' in form
    preview = upload(office).content.decode()
    assert "nothing has been imported yet" in preview
    assert "is not a number" in preview
    assert "These columns are ignored: Colour." in preview
    assert "Import valid rows only" in preview
    assert "Import all rows" not in preview
    job = ImportJob.objects.get()
    result = office.post(f"/admin/imports/{job.pk}/", {"skip_rejected": "1"}, follow=True)
    assert "Download rows with errors" in result.content.decode()
    assert Tier.objects.get().code == "gold"
    rows = b"".join(office.get(f"/admin/imports/{job.pk}/rejected/").streaming_content).decode()
    assert "silver,Silver,two,n,3" in rows
    listed = office.get("/admin/imports/?q=tiers&kind=test-tiers").content.decode()
    assert f"/admin/imports/{job.pk}/" in listed


def test_a_file_with_other_columns_is_asked_about(office):
    answer = upload(office, "foo\n1\n")
    assert "these columns are missing: Code, Name" in answer.content.decode()
    job = ImportJob.objects.get()
    assert answer.request["PATH_INFO"] == f"/admin/imports/{job.pk}/mapping/"
    assert not Tier.objects.exists()


def test_wrong_options_are_said_beside_their_field(office):
    answer = upload(office, option_mode="sideways")
    assert "option_mode" in answer.context["form"].errors
    assert not ImportJob.objects.exists()


def test_a_file_with_rejected_rows_is_not_applied_by_a_bare_post(office):
    upload(office)
    job = ImportJob.objects.get()
    answer = office.post(f"/admin/imports/{job.pk}/", follow=True)
    assert "1 row has errors" in answer.content.decode()
    assert not Tier.objects.exists()


def test_progress_is_live(office, monkeypatch):
    monkeypatch.setattr(services, "AT_ONCE_BYTES", 0)
    page = upload(office).content.decode()
    job = ImportJob.objects.get()
    assert f'hx-get="/admin/imports/{job.pk}/status/"' in page
    services._progress(job)(1)
    assert 'value="50"' in office.get(f"/admin/imports/{job.pk}/status/").content.decode()
    services.check(job=job)
    assert office.get(f"/admin/imports/{job.pk}/status/")["HX-Refresh"] == "true"


def test_templates_are_offered(office):
    answer = office.get("/admin/imports/new/test-tiers/template/")
    assert answer["Content-Disposition"] == 'attachment; filename="test-tiers.xlsx"'
    assert answer.content.startswith(b"PK")


def test_people_without_the_right_see_none_of_it(office, client):
    upload(office)
    job = ImportJob.objects.get()
    client.force_login(make_back_office("Stefan", permissions=["wagtailadmin.access_admin"]))
    assert "/admin/imports/" not in client.get("/admin/").content.decode()
    for address in ("", "new/", "new/test-tiers/", f"{job.pk}/", f"{job.pk}/status/", f"{job.pk}/rejected/"):
        answer = client.get(f"/admin/imports/{address}")
        assert answer.status_code in (302, 404), address
        assert b"silver" not in answer.content


def test_a_dealer_does_not_get_in(office, client, django_user_model):
    upload(office)
    client.force_login(django_user_model.objects.create(email="dealer@example.com"))
    answer = client.get("/admin/imports/")
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/accounts/login/")


def test_what_the_link_says_is_chosen_already(office):
    form = office.get("/admin/imports/new/test-tiers/?prefix=x-&mode=all").content.decode()
    assert 'name="option_prefix" value="x-"' in form
    upload(office, option_prefix="x-")
    job = ImportJob.objects.get()
    text = office.get(f"/admin/imports/{job.pk}/").content.decode()
    again = re.search(r'href="(/admin/imports/new/test-tiers/\?[^"]+)"', text)
    assert again and "prefix=x-" in again[1], "another file goes where this one was meant for"


def test_the_history_says_in_words_what_became_of_the_rows(office):
    upload(office)
    job = ImportJob.objects.get()
    text = office.post(f"/admin/imports/{job.pk}/", {"skip_rejected": "1"}, follow=True).content.decode()
    assert "1 created, 1 rejected · tiers.csv" in text
