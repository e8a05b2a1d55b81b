"""Documents of products open with the products: at their address, in the search, on the product's page."""

from typing import Any

import pytest
from django.test import Client
from qudao_catalog import testing
from qudao_catalog.products.access import document_access
from qudao_catalog.products.detail import get_product
from qudao_catalog.products.models import ProductDocument
from qudao_partner_portal import api as portal
from qudao_partner_portal import testing as people
from qudao_search import api as search


@pytest.fixture
def brand(db: None) -> Any:
    return people.make_company("Brand")


@pytest.fixture
def buyer(brand: Any) -> Any:
    return people.make_person(people.make_company("Sunshine", parent=brand, tier="gold"), name="Bao Buyer")


@pytest.fixture
def silver(brand: Any) -> Any:
    return people.make_person(people.make_company("Moonlight", parent=brand, tier="silver"), name="Si Silver")


def attach(product: Any, title: str = "Sheet", **fields: Any) -> Any:
    document = people.make_document(title, **fields)
    ProductDocument.objects.create(product=product, document=document)
    return document


def status(user: Any, document: Any) -> int:
    client = Client()
    client.force_login(user)
    answer = client.get(document.url)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def finds(user: Any, text: str = "Sheet") -> int:
    request = search.SearchRequest(text=text, kinds=("document",))
    return search.search(people.viewer_of(user), request, log=False).total


def test_a_document_opens_for_who_sees_the_product(buyer, silver):
    line = testing.make_line("lighting")
    document = attach(testing.make_product("P1", line=line))
    assert (status(buyer, document), finds(buyer)) == (404, 0)
    testing.grant("tier:gold", lines=[line])
    assert (status(buyer, document), finds(buyer)) == (200, 1)
    assert (status(silver, document), finds(silver)) == (404, 0)


def test_a_familys_document_opens_with_any_of_its_variants(buyer, silver):
    family = testing.make_product("F", structure="parent")
    red = testing.make_variant(family, "F-RED")
    document = attach(family)
    testing.grant("tier:gold", products=[red])
    assert (status(buyer, document), finds(buyer)) == (200, 1)
    assert (status(silver, document), finds(silver)) == (404, 0)


def test_a_product_that_is_not_public_opens_nothing(buyer):
    product = testing.make_product("P1")
    document = attach(product)
    testing.grant("members", everything=True)
    assert finds(buyer) == 1
    product.is_public = False
    product.save()
    assert (status(buyer, document), finds(buyer)) == (404, 0)


def test_a_product_in_another_line_takes_its_documents_along(buyer):
    lamps, cables = testing.make_line("lamps"), testing.make_line("cables")
    product = testing.make_product("P1", line=lamps)
    document = attach(product)
    testing.grant("tier:gold", lines=[lamps])
    product.profile.line = cables
    product.profile.save()
    assert (status(buyer, document), finds(buyer)) == (404, 0)
    product.profile.line = lamps
    product.profile.save()
    assert (status(buyer, document), finds(buyer)) == (200, 1)


def test_a_document_taken_away_is_nobodys(buyer):
    product = testing.make_product("P1")
    attach(product)
    testing.grant("members", everything=True)
    ProductDocument.objects.get().delete()
    assert finds(buyer) == 0


def test_a_document_meant_for_others_is_not_on_the_products_page(buyer, silver):
    product = testing.make_product("P1")
    attach(product, keys=["tier:silver"])
    testing.grant("members", everything=True)
    assert [len(get_product(people.viewer_of(user), "P1").documents) for user in (buyer, silver)] == [0, 1]
    back_office = people.make_back_office(is_superuser=True)
    assert len(get_product(people.viewer_of(back_office), "P1").documents) == 1


def test_access_rules_name_the_product_and_cost_the_same_for_any_number(buyer, django_assert_num_queries):
    documents = [attach(testing.make_product(f"P{number}", title=f"Lamp {number}")) for number in range(3)]
    for count in (1, 3):
        with django_assert_num_queries(8):
            found = document_access([each.pk for each in documents[:count]])
    door = found[documents[0].pk][0]
    assert (door.policy, door.names, door.url) == ("assortment", {"en": "Lamp 0"}, "/products/P0/")
    viewer = people.viewer_of(buyer)
    testing.grant("members", everything=True)
    assert portal.may_open_documents(viewer, [each.pk for each in documents]) == {
        each.pk for each in documents
    }
