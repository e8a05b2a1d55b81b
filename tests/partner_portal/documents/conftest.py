"""Who is who: a manufacturer with a gold dealer and a silver one, an editor, a stranger."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from qudao_partner_portal import testing
from qudao_partner_portal.documents.services import read_document
from qudao_search import api as search


@pytest.fixture
def people(db: None) -> SimpleNamespace:
    brand = testing.make_company("Brand")
    dealer = testing.make_company("Sunshine", parent=brand, tier="gold")
    other = testing.make_company("Moonlight", parent=brand, tier="silver")
    editor = testing.make_back_office("Ed Editor", permissions=["wagtailadmin.access_admin"])
    editor.groups.add(Group.objects.get(name="Editors"))
    return SimpleNamespace(
        brand=brand,
        dealer=dealer,
        buyer=testing.make_person(dealer, roles=["buyer"], name="Bao Buyer"),
        colleague=testing.make_person(dealer, name="Chen Colleague"),
        parent=testing.make_person(brand, roles=["admin"], name="Pan Parent"),
        silver=testing.make_person(other, roles=["admin"], name="Si Silver"),
        stranger=testing.make_user("Stan Stranger"),
        editor=editor,
    )


def browser(user: Any = None) -> Client:
    client = Client()
    if user is not None:
        client.force_login(user)
    return client


def status(user: Any, address: str, **request: Any) -> int:
    """How the address answers somebody; the file it may have opened is read to its end."""
    answer = browser(user).get(address, **request)
    if answer.streaming:
        b"".join(answer.streaming_content)
    return int(answer.status_code)


def found(user: Any, text: str, **request: Any) -> set[str]:
    """What somebody finds, as "kind:title"; the counts must say the same."""
    viewer = testing.viewer_of(user)
    result = search.search(viewer, search.SearchRequest(text=text, **request), log=False)
    kinds = request.get("kinds") or [kind.value for kind in result.kinds]
    assert result.total == len(result.hits) == sum(each.count for each in result.kinds if each.value in kinds)
    return {f"{hit.kind}:{''.join(piece.text for piece in hit.title)}" for hit in result.hits}


def make_read(*args: Any, **fields: Any) -> Any:
    """A document that has been read."""
    document = testing.make_document(*args, **fields)
    read_document(document_id=document.pk)
    return document
