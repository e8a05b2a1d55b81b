"""Every operation of the served document succeeds once, and its answer is what the document says.

The test client holds each answer against the document (`tests/api_answers.py`). Here each operation is called by
somebody who may, with a body that is accepted; one that nothing here reaches fails the test.
"""

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from qudao_b2b_ordering.models import OrderExport
from qudao_b2b_ordering.orders.pdf import order_document
from qudao_catalog.handbook import queries
from qudao_catalog.handbook.models import HandbookExport
from qudao_catalog.models import TopicPage
from qudao_core.headless import reference
from qudao_partner_portal import testing as portal
from qudao_partner_portal.people.invitations import token_of
from qudao_partner_portal.people.models import Invitation

from tests.api_answers import document, operation_of
from tests.site import test_access_matrix as matrix
from tests.site.world import PEOPLE, World, make_world


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.QUDAO_API_RATES = dict.fromkeys(("guest", "read", "write", "import", "search"), "100000/min")
    settings.WAGTAIL_HEADLESS_PREVIEW = {"CLIENT_URLS": {"default": "https://app.example.com/preview"}}
    return make_world()


@pytest.mark.slow
@pytest.mark.any_database("counts the operations of the document")
def test_every_operation_succeeds_once(world: World, rf: RequestFactory) -> None:
    done = {*shipping(world, rf), *returning(world, rf)}  # before flows are made in undone transactions
    done |= set(reached_by_the_matrix(world))
    for scenario in (filing, reading, joining, inviting, deriving, examining):
        done |= set(scenario(world, rf))
    every = {each["operationId"] for item in document()["paths"].values() for each in item.values()}
    assert sorted(every - done) == []


def reached_by_the_matrix(world: World) -> Iterator[str]:
    """What somebody may do with the access matrix's own body: who, is read from the reviewed matrix."""
    names = list(PEOPLE)
    rows = [line.split() for line in matrix.REVIEWED.read_text(encoding="utf-8").splitlines()[1:]]
    allowed = {
        (row[0], row[1]): [name for name, status in zip(names, row[2:], strict=True) if status[0] == "2"]
        for row in rows
    }
    for group in reference.groups(document()):
        for each in group.operations:
            people = allowed.get((each.method, each.path.removeprefix("/api/v1")), [])
            if people and matrix.call(world, world.clients[people[0]], each) < 300:
                yield operation_id(each.method, each.path)


def operation_id(method: str, path: str) -> str:
    found = operation_of(method, path)
    assert found is not None, f"{method} {path} is not in the document"
    return str(found["operationId"])


class Steps:
    """Calls one after another; each must succeed and is noted under its operation."""

    def __init__(self, world: World) -> None:
        self.world, self.done = world, list[str]()

    def __call__(self, who: str, method: str, path: str, body: Any = None, form: bool = False) -> Any:
        client = self.world.clients[who]
        headers = {"idempotency-key": str(uuid.uuid4())}
        if form:
            answer = client.post(f"/api/v1/{path}", body, headers=headers)
        else:
            data = b"" if body is None else json.dumps(body)
            address = f"/api/v1/{path}"
            answer = client.generic(method, address, data, content_type="application/json", headers=headers)
        content = b"".join(answer)  # which closes a file
        assert answer.status_code < 300, f"{method} {path}: {content.decode()}"
        self.done.append(operation_id(method, f"/api/v1/{path.partition('?')[0]}"))
        return json.loads(content) if "json" in answer.get("Content-Type", "") else None


def shipping(world: World, _rf: RequestFactory) -> list[str]:
    call, number = Steps(world), world.names["orders"]
    for who, action in (("sam", "approve"), ("fia", "approve"), ("wan", "release")):
        call(who, "POST", f"orders/{number}/actions/{action}/", {})
    order = call("wan", "POST", f"orders/{number}/shipments/", {"carrier": "SF"})
    shipment = order["shipments"][0]["number"]
    call("bai", "GET", f"orders/{number}/shipments/{shipment}/delivery-note.pdf")
    call("bai", "GET", f"orders/{number}/shipments/")
    call("bai", "POST", f"orders/{number}/receipts/", {"lines": [{"number": 1, "short": "1"}]})
    return call.done


def returning(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    number = world.channel.order(("SKU-1", 2), name="bo").number
    call("sam", "POST", f"orders/{number}/actions/return/", {"note": "Other address, please"})
    call("bo", "POST", f"orders/{number}/revision/")
    return call.done


def filing(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    file = SimpleUploadedFile("products.csv", b"sku,title\nNEW-1,New\nNEW 2?,\n")
    job = call("root", "POST", "imports/", {"kind": "products", "file": file}, form=True)
    call("root", "GET", f"imports/{job['id']}/")
    call("root", "POST", f"imports/{job['id']}/apply/", {"skip_rejected": True})
    call("root", "GET", f"imports/{job['id']}/rejected/")
    call("root", "POST", f"imports/{job['id']}/resume/")
    call("root", "GET", f"imports/{job['id']}/undo/")
    call("root", "POST", f"imports/{job['id']}/undo/")
    file = SimpleUploadedFile("products.csv", b"sku,title\nNEW-3,New\n")
    job = call("root", "POST", "imports/", {"kind": "products", "file": file}, form=True)
    call("root", "POST", f"imports/{job['id']}/discard/")
    for form in ("xlsx", "csv"):
        call("root", "GET", f"imports/kinds/products/template/?as={form}")
    return [*call.done, *mapping(world)]


def mapping(world: World) -> list[str]:
    """A file that is asked about first, and a mapping that is kept, listed and forgotten."""
    call = Steps(world)
    file = SimpleUploadedFile("products.csv", b"sku,title\nNEW-4,New\n")
    job = call("root", "POST", "imports/", {"kind": "products", "file": file, "ask": True}, form=True)
    seen = call("root", "GET", f"imports/{job['id']}/mapping/")
    call("root", "POST", f"imports/{job['id']}/mapping/preview/", seen["suggestion"])
    call("root", "PUT", f"imports/{job['id']}/mapping/", seen["suggestion"])
    body = {"kind": "products", "shape": seen["shape"], "name": "Ours", "mapping": seen["suggestion"]}
    kept = call("root", "POST", "import-mappings/", body)
    call("root", "GET", "import-mappings/?kind=products")
    call("root", "GET", f"import-mappings/{kept['id']}/")
    call("root", "PATCH", f"import-mappings/{kept['id']}/", {"name": "Ours, too"})
    call("root", "DELETE", f"import-mappings/{kept['id']}/")
    return call.done


def reading(world: World, rf: RequestFactory) -> list[str]:
    call, key = Steps(world), world.names["handbook-exports"]
    export = HandbookExport.objects.get(pk=key)
    export.file.save("handbook.pdf", ContentFile(b"%PDF-1.7"), save=False)
    export.state = HandbookExport.State.DONE
    export.save()
    call("bai", "GET", f"handbook-exports/{key}/file/")
    document = OrderExport.objects.get(pk=world.names["order-exports"])
    document.file.save("order.pdf", ContentFile(b"%PDF-1.7"), save=False)
    document.state = OrderExport.State.DONE
    now = order_document(portal.viewer_of(document.user), document.order.number, "en")
    document.document, document.revision = now.kind, now.order.revision
    document.save()
    call("bai", "GET", f"order-exports/{document.pk}/file/")
    call("root", "GET", "audience-reach/?key=everyone&key=tier:gold")
    topic = TopicPage.objects.get(pk=world.names["handbook-topics"])
    page = topic.serve_preview(rf.get("/"), queries.MODE).content.decode()
    call("guest", "GET", f"handbook-preview/?token={page.partition('token=')[2].partition(chr(34))[0]}")
    return call.done


def joining(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    body = {"email": portal.make_user("Lin Later").email, "roles": ["buyer"]}
    call("root", "POST", "people/?company=code:D-1", body)
    address = {"recipient": "Wang", "street": "1 Renmin Road", "region": "Chengdu", "phone": "028 8555 0101"}
    made = call("bai", "POST", "addresses/", address)
    call("bai", "PATCH", f"addresses/{made['id']}/", {"label": "Back door"})
    return call.done


def inviting(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    signed_in = Client()
    signed_in.post(
        "/accounts/login/", {"login": world.channel.users["bai"].email, "password": portal.PASSWORD}
    )
    world.clients["signed in"] = signed_in
    call("signed in", "POST", "tokens/", {"name": "ERP"})
    token = token_of(Invitation.objects.get(pk=world.names["invitations"]))
    call("guest", "POST", "invitations/lookup/", {"token": token})
    person = {"token": token, "name": "Han", "password": "correct-horse-battery"}
    call("guest", "POST", "invitations/register/", person)
    call("dora", "POST", "invitations/", {"email": world.channel.users["nina"].email, "roles": ["buyer"]})
    sent = Invitation.objects.get(email=world.channel.users["nina"].email)
    call("nina", "POST", "invitations/accept/", {"token": token_of(sent)})
    return call.done


def deriving(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    call("ada", "POST", "price-lists/", {"code": "derived", "name": "Derived", "base": "everyone"})
    call("ada", "PUT", "price-lists/derived/percents/", {"lines": [], "percent": "-5"})
    return call.done


def examining(world: World, _rf: RequestFactory) -> list[str]:
    call = Steps(world)
    attempt = world.names["attempts"]
    call(
        "root",
        "POST",
        "exam-definitions/exam/terms/",
        {"person": world.channel.users["bai"].pk, "reason": "Ill"},
    )
    call("root", "GET", "question-banks/bank/export/?as=gift")
    call("root", "POST", "question-banks/", {"code": "second", "name": "Second"})
    made = call(
        "root", "POST", "question-banks/second/import/", {"name": "x", "content": "Two and two? {=4 ~5}"}
    )
    assert made["created"] == 1
    (row,) = call("root", "GET", "question-banks/second/questions/")["results"]
    call("root", "POST", "question-banks/second/retire/", {"questions": [row["id"]]})
    paper = call("bai", "GET", f"attempts/{attempt}/")
    essay = next(each["position"] for each in paper["questions"] if each["content"]["kind"] == "essay")
    answers = [{"position": essay, "sequence": 9, "answer": "Heat."}]
    call("bai", "PUT", f"attempts/{attempt}/answers/", {"answers": answers})
    call("bai", "POST", f"attempts/{attempt}/submit/", {})
    call("bai", "GET", f"attempts/{attempt}/review/")
    call("root", "POST", f"attempts/{attempt}/grades/", {"position": essay, "share": "0.5"})
    call("bai", "POST", "exams/exam/attempts/")
    return call.done
