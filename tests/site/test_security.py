"""What browsers are told, which doors are closed, and which files leave."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import Client
from django.urls import reverse
from qudao_catalog.handbook import services
from qudao_partner_portal import testing
from qudao_site import closed
from wagtail.documents import get_document_model
from wagtail.models import Collection, CollectionViewRestriction


def policy(response: Any) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in response["Content-Security-Policy"].split(";")]
    return {name: rest for name, _space, rest in parts}


def test_our_pages_run_no_script_but_ours(client: Client, db: None) -> None:
    found = policy(client.get("/accounts/login/"))
    assert found["script-src"] == "'self'"
    assert found["default-src"] == "'self'"
    assert found["style-src"] == "'self'"
    assert found["object-src"] == "'none'"
    assert found["frame-ancestors"] == "'none'"


def test_the_back_office_has_a_wider_policy_but_loads_nothing_from_elsewhere(
    client: Client, editor: Any
) -> None:
    client.force_login(editor)
    found = policy(client.get("/admin/"))
    assert found["script-src"] == "'self' 'unsafe-inline' 'unsafe-eval'"
    assert "http" not in " ".join(found.values())


def test_the_back_office_may_show_its_own_pages_in_frames(client: Client, editor: Any) -> None:
    client.force_login(editor)
    for address in ("/admin/", "/admin/pages/", "/admin/account/"):
        response = client.get(address)
        assert policy(response)["frame-ancestors"] == "'self'"
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def previews(page: Any) -> dict[str, str]:
    """Every address at which Wagtail renders a page within the back office."""
    revision = page.save_revision()
    return {
        "while editing": reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk]),
        "draft": reverse("wagtailadmin_pages:view_draft", args=[page.pk]),
        "revision": reverse("wagtailadmin_pages:revisions_view", args=[page.pk, revision.pk]),
        "while creating": reverse(
            "wagtailadmin_pages:preview_on_add",
            args=[page._meta.app_label, page._meta.model_name, page.get_parent().pk],
        ),
    }


@pytest.mark.parametrize("where", ["while editing", "draft", "revision", "while creating"])
def test_every_preview_of_every_kind_of_page_may_be_framed_by_the_back_office(
    client: Client, where: str, db: None
) -> None:
    client.force_login(testing.make_back_office("Ada Admin", is_superuser=True))
    book = services.save_handbook(slug="lights", title="Lights")
    chapter = services.save_chapter(parent=book, slug="mounting", title="Mounting")
    topic = services.save_topic(parent=chapter, slug="rails", title="Rails", body=[])
    for page in (book, chapter, topic):
        response = client.get(previews(page)[where] + "?in_preview_panel=true")
        assert response.status_code == 200
        found = policy(response)
        assert found["frame-ancestors"] == "'self'"
        if where in ("draft", "revision"):
            assert "unsafe" not in found["script-src"]
        assert response["X-Frame-Options"] == "SAMEORIGIN"


def test_a_page_for_its_readers_is_still_framed_by_nobody(client: Client, db: None) -> None:
    book = services.save_handbook(slug="lights", title="Lights")
    assert policy(client.get(book.get_url()))["frame-ancestors"] == "'none'"


def test_an_answer_of_the_api_may_load_nothing(client: Client, db: None) -> None:
    for address in ("/api/v1/me/", "/api/v1/schema/"):
        found = policy(client.get(address))
        assert found == {"default-src": "'none'", "frame-ancestors": "'none'"}


def test_headers_of_every_page(client: Client, db: None) -> None:
    response = client.get("/accounts/login/")
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["X-Frame-Options"] == "DENY"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["X-Request-ID"]


@pytest.mark.parametrize("address", ["/accounts/login/", "/styleguide/", "/api/v1/"])
def test_pages_load_nothing_from_another_host(client: Client, db: None, address: str) -> None:
    page = client.get(address).content.decode()
    for attribute in ('src="', 'href="'):
        for link in page.split(attribute)[1:]:
            target = link.split('"')[0]
            assert not target.startswith(("http:", "https:", "//")) or "testserver" in target, target


def test_haystack_is_never_loaded() -> None:
    """In a process of its own: a test beside this one may have imported it."""
    code = "import django, sys; django.setup(); assert not [m for m in sys.modules if 'haystack' in m]"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parents[2] / "site")


@pytest.mark.parametrize(
    "address",
    [
        "/shop/catalogue/",
        "/shop/basket/",
        "/shop/checkout/",
        "/shop/customer/register/",
        "/shop/search/",
        "/dashboard/orders/",
        "/dashboard/users/",
        "/dashboard/offers/",
        "/django-admin/",
    ],
)
def test_shop_and_dashboard_pages_that_go_around_us_do_not_exist(
    client: Client, db: None, address: str
) -> None:
    client.force_login(testing.make_back_office("Ada Admin", is_superuser=True))
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("former", "now"),
    [
        ("/dashboard/", "/admin/products/"),
        ("/dashboard/catalogue/", "/admin/products/"),
        ("/dashboard/catalogue/products/7/", "/admin/products/edit/7/"),
        ("/dashboard/catalogue/categories/", "/admin/categories/"),
        ("/dashboard/catalogue/product-types/", "/admin/product-types/"),
    ],
)
def test_addresses_of_oscars_product_editing_lead_to_the_back_office(
    client: Client, db: None, former: str, now: str
) -> None:
    answer = client.get(former)
    assert (answer.status_code, answer["Location"]) == (302, now)


def test_nothing_of_oscars_dashboard_is_open(client: Client, db: None) -> None:
    client.force_login(testing.make_back_office("Ada Admin", is_superuser=True))
    found = dict(_addresses(closed.dashboard()[0], "/dashboard/"))
    assert len(found) > 90
    for address, view in found.items():
        assert view is closed.not_here or "RedirectView" in str(getattr(view, "view_class", "")), address


def _addresses(patterns: Any, start: str) -> Iterator[tuple[str, Any]]:
    for each in patterns:
        if hasattr(each, "url_patterns"):
            yield from _addresses(each.url_patterns, f"{start}{each.pattern}")
        else:
            yield f"{start}{each.pattern}", each.callback


def test_products_are_edited_by_who_may_edit_products(
    client: Client, product_editor: Any, editor: Any, buyer: Any
) -> None:
    client.force_login(product_editor)
    assert client.get("/admin/products/").status_code == 200
    for other in (editor, buyer):
        client.force_login(other)
        assert client.get("/admin/products/").status_code in (302, 403)


def test_the_back_office_is_closed_to_dealers(client: Client, buyer: Any) -> None:
    client.force_login(buyer)
    assert client.get("/admin/").status_code in {302, 403}
    assert client.get("/admin/pages/").status_code in {302, 403}


def test_a_file_is_private_unless_its_folder_is_public(settings: Any, db: None) -> None:
    picture = default_storage.save("images/products/a.webp", ContentFile(b"picture"))
    contract = default_storage.save("documents/contract.pdf", ContentFile(b"contract"))
    unknown = default_storage.save("exports/prices.csv", ContentFile(b"prices"))
    try:
        assert Path(default_storage.path(picture)).is_relative_to(settings.MEDIA_ROOT)
        for name in (contract, unknown, "original_images/x.jpg", "images/../documents/x.pdf"):
            assert not Path(default_storage.path(name)).is_relative_to(settings.MEDIA_ROOT), name
        with default_storage.open(contract) as file:
            assert file.read() == b"contract"
        client = Client()
        assert b"".join(client.get(default_storage.url(picture))) == b"picture"
        assert client.get(default_storage.url(contract)).status_code == 404
        assert client.get("/media/../private/documents/contract.pdf").status_code == 400
    finally:
        for name in (picture, contract, unknown):
            default_storage.delete(name)


@pytest.mark.parametrize("name", ["../outside.txt", "documents/../../outside.txt", "/etc/passwd"])
def test_no_name_leads_out_of_the_folders(name: str) -> None:
    with pytest.raises(Exception, match="located outside|Detected path traversal"):
        default_storage.save(name, ContentFile(b"x"))


def test_a_restricted_document_leaves_only_through_its_view(client: Client, buyer: Any) -> None:
    collection = Collection.get_first_root_node().add_child(name="Dealers")
    CollectionViewRestriction.objects.create(
        collection=collection, restriction_type=CollectionViewRestriction.LOGIN
    )
    document = get_document_model().objects.create(
        title="Contract", collection=collection, file=ContentFile(b"contract", name="contract.pdf")
    )
    try:
        refused = client.get(document.url)
        assert (refused.status_code, refused["Location"].split("?")[0]) == (302, "/accounts/login/")
        assert client.get(document.file.url).status_code == 404
        client.force_login(buyer)
        assert b"".join(client.get(document.url)) == b"contract"
    finally:
        document.file.delete(save=False)
