from __future__ import annotations

import io
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from PIL import Image
from qudao_catalog import api as catalog
from qudao_catalog.pictures import rules
from qudao_catalog.testing import make_category, make_product

pytestmark = pytest.mark.django_db


def png(width: int = 900, height: int = 600, mode: str = "RGB") -> ContentFile[bytes]:
    target = io.BytesIO()
    Image.new(mode, (width, height), 128 if mode == "L" else None).save(target, "PNG")
    return ContentFile(target.getvalue(), name="lamp one.png")


@pytest.fixture
def picture(settings: Any, tmp_path: Any) -> Any:
    settings.MEDIA_ROOT = tmp_path
    return catalog.add_image(actor=None, product=make_product("LAMP"), file=png())


def test_a_picture_is_made_when_first_asked_for_and_then_kept(client: Any, picture: Any) -> None:
    address = catalog.picture_url(picture.original.name, 320)
    response = client.get(address)
    body = b"".join(response.streaming_content)
    made = Image.open(io.BytesIO(body))
    assert (made.format, made.size) == ("WEBP", (320, 213))
    assert "immutable" in response["Cache-Control"] and response["Content-Type"] == "image/webp"
    default_storage.delete(picture.original.name)
    assert b"".join(client.get(address).streaming_content) == body


def test_pictures_are_never_blown_up(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    small = catalog.add_image(actor=None, product=make_product(), file=png(50, 40, "L"))
    response = client.get(catalog.picture_url(small.original.name, 640))
    assert Image.open(io.BytesIO(b"".join(response.streaming_content))).size == (50, 40)


@pytest.mark.parametrize("width", [1, 97, 5000])
def test_other_sizes_do_not_exist(client: Any, picture: Any, width: int) -> None:
    response = client.get(f"/pictures/{width}/{picture.original.name}.webp")
    assert response.status_code == 404 and not default_storage.exists(
        rules.rendition_name(picture.original.name, width)
    )


def test_no_other_file_is_shown(client: Any, picture: Any) -> None:
    default_storage.save("documents/secret.png", png())
    default_storage.save("images/products/not-a-product.png", png())
    for name in (
        "documents/secret.png",
        "images/products/not-a-product.png",
        "../secret.png",
        "images/../documents/secret.png",
        "/etc/passwd",
        "none.png",
    ):
        response = client.get(f"/pictures/96/{name}.webp")
        assert response.status_code == 404
        assert not default_storage.exists(f"renditions/96/{name.lstrip('/').replace('../', '')}.webp")


def test_a_broken_file_is_not_found(client: Any, settings: Any, tmp_path: Any) -> None:
    settings.MEDIA_ROOT = tmp_path
    broken = catalog.add_image(
        actor=None, product=make_product(), file=ContentFile(b"no picture", name="x.png")
    )
    assert client.get(catalog.picture_url(broken.original.name, 96)).status_code == 404


def test_pictures_are_appended_in_order(picture: Any) -> None:
    second = catalog.add_image(actor=None, product=picture.product, file=png(), caption="Side")
    assert [image.display_order for image in picture.product.images.all()] == [0, 1]
    assert second.caption == "Side"


def test_a_categorys_picture_is_shown_and_nothing_else_of_its_folder(
    client: Any, settings: Any, tmp_path: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    category = make_category("Lighting")
    category.image.save("lighting.png", png())
    shown = client.get(catalog.picture_url(category.image.name, 96))
    assert shown.status_code == 200
    b"".join(shown.streaming_content)
    other = default_storage.save("categories/other.png", png())
    assert client.get(catalog.picture_url(other, 96)).status_code == 404
