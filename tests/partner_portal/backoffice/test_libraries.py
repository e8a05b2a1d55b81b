"""The libraries of pictures and documents: what is broken is refused where it is uploaded; any sign can be searched."""

from __future__ import annotations

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from qudao_core import pdf
from qudao_partner_portal.testing import make_back_office
from wagtail.images import get_image_model
from wagtail.models import Collection

pytestmark = pytest.mark.django_db


def picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(made, kind)
    return made.getvalue()


BROKEN = {
    "cut.jpg": picture("JPEG")[:3000],
    "cut.png": picture("PNG")[:3000],
    "cut.webp": picture("WEBP")[:3000],
    "huge.png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
    + (60_000).to_bytes(4, "big") * 2
    + b"\x08\x02\0\0\0\0\0\0\0",
    "beginning.gif": b"GIF89a" + b"\xff" * 4 + bytes(30),
    "beginning.webp": b"RIFF\0\0\0\0WEBPVP8 ",
    "beginning.avif": b"\0\0\0\x20ftypavif" + bytes(40),
    "words.jpg": b"not a picture",
}


@pytest.mark.parametrize(
    ("address", "field"),
    [
        ("/admin/images/add/", "file"),
        ("/admin/images/multiple/add/", "files[]"),
        ("/admin/images/chooser/create/", "image-chooser-upload-file"),
    ],
)
def test_a_broken_picture_is_refused(address: str, field: str) -> None:
    """Also in a process that makes PDF files, whose library would take pictures that are cut off."""
    pdf.available()
    office = Client(raise_request_exception=False)
    office.force_login(make_back_office(is_superuser=True))
    prefix = field.removesuffix("file").removesuffix("files[]")
    words = {f"{prefix}title": "Lamp", f"{prefix}collection": Collection.objects.get().pk}
    for name, content in BROKEN.items():
        data = words | {field: SimpleUploadedFile(name, content)}
        answer = office.post(address, data, headers={"X-Requested-With": "XMLHttpRequest"})
        assert answer.status_code == 200, name
    assert not get_image_model().objects.exists()
    data = words | {field: SimpleUploadedFile("whole.jpg", picture("JPEG"))}
    office.post(address, data, headers={"X-Requested-With": "XMLHttpRequest"})
    assert get_image_model().objects.count() == 1


@pytest.mark.parametrize(
    "address", ["/admin/images/results/", "/admin/documents/results/", "/admin/pages/search/results/"]
)
@pytest.mark.parametrize("words", ['12"', '"', 'a"b', '"lamp"', "12'", "50%", "a\\b", "(a OR", "*", '商"'])
def test_signs_may_stand_in_what_is_searched_for(address: str, words: str) -> None:
    office = Client()
    office.force_login(make_back_office(is_superuser=True))
    assert office.get(address, {"q": words}).status_code == 200


def test_a_picture_is_found_by_a_title_with_a_quotation_mark() -> None:
    office = Client()
    office.force_login(make_back_office(is_superuser=True))
    words = {"title": 'Panel 12" white', "collection": Collection.objects.get().pk}
    office.post("/admin/images/add/", words | {"file": SimpleUploadedFile("a.jpg", picture("JPEG"))})
    assert "Panel 12" in office.get("/admin/images/results/", {"q": '12" white'}).content.decode()
