"""Pages of orders: lists, the seller's board, one order and its documents."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_core.exports.rules import file_name
from qudao_core.exports.web import ExportFile, ExportProgress, ExportUrls, file_response
from qudao_core.pages import Page, show_refusal

from ...cart.presenters import request_cart
from ...flow import rules as flow_rules
from ...flow.labels import role_label
from .. import pdf, queries, services
from ..forms import OrderFilterForm
from ..models import OrderExport
from ..queries import Card, Column
from ..queries.access import BUYER_ROLES
from .presenters import detail_context, done_message, many_done_message, order_row

PER_PAGE = 25


class OrdersPage(Page):
    """What the viewer's company ordered."""

    roles = BUYER_ROLES
    side = "buyer"

    def get(self, request: HttpRequest) -> HttpResponse:
        form = OrderFilterForm(request.GET or None)
        wanted = _wanted(form, request, self.side)
        page = Paginator(queries.orders(self.viewer, wanted), PER_PAGE).get_page(request.GET.get("page"))
        rows = [order_row(row) for row in queries.order_rows(self.viewer, page.object_list)]
        step = queries.step_name(self.viewer, wanted.step)
        context = {
            "page": page,
            "orders": rows,
            "filter_form": form,
            "kept": {name: request.GET[name] for name in ("mine", "late", "step") if request.GET.get(name)},
            "active": sum(1 for name in ("status", "since", "until") if request.GET.get(name)),
            "chips": _chips(form, request, step),
            "clear_href": request.path,
            "show_company": self.side == "seller",
            **self.words(),
        }
        return render(request, "qudao_b2b_ordering/orders/list.html", context)

    def words(self) -> dict[str, str]:
        return {
            "page_title": _("Orders"),
            "empty_title": _("You have not ordered anything yet."),
            "empty_text": _("Your orders and their progress will appear here."),
        }


class SalesOrdersPage(OrdersPage):
    """What the viewer's company received as seller."""

    roles = ()
    side = "seller"

    def require(self) -> None:
        if not queries.may_see_board(self.viewer):
            raise core.Forbidden("no_board", _("Only staff of a selling company can see this list."))

    def words(self) -> dict[str, str]:
        return {
            "page_title": _("Orders received"),
            "empty_title": _("No orders yet."),
            "empty_text": _("New orders appear here as soon as a dealer submits them."),
        }


def _wanted(form: OrderFilterForm, request: HttpRequest, side: str) -> queries.OrderFilter:
    """The filter in the address bar; what cannot be read is told by the form and left out."""
    form.is_valid()
    data = getattr(form, "cleaned_data", {})
    return queries.OrderFilter(
        q=data.get("q") or "",
        status=data.get("status") or "",
        step=request.GET.get("step", "")[:40],
        since=data.get("since"),
        until=data.get("until"),
        side=side,
        mine=request.GET.get("mine") == "1",
        late=request.GET.get("late") == "1",
    )


def _chips(form: OrderFilterForm, request: HttpRequest, step: str) -> list[dict[str, str]]:
    """One chip per filter in force, each with the address that removes it."""
    labels: dict[str, Any] = {"mine": _("Needs my action"), "late": _("Overdue")}
    data = getattr(form, "cleaned_data", {})
    for name, bound in form.fields.items():
        if data.get(name):
            labels[name] = core.with_label(bound.label, _said(form, name, data[name]))
    if request.GET.get("step"):
        labels["step"] = _("Step: %(step)s") % {"step": step or _("unknown")}
    return [
        {"label": label, "href": _without(request, name)}
        for name, label in labels.items()
        if request.GET.get(name)
    ]


def _said(form: OrderFilterForm, name: str, value: Any) -> str:
    if isinstance(value, date):
        return date_format(value)
    choices = dict(getattr(form.fields[name], "choices", ()))
    return str(choices.get(value, value))


def _without(request: HttpRequest, name: str) -> str:
    query = request.GET.copy()
    query.pop(name, None)
    query.pop("page", None)
    return f"{request.path}?{query.urlencode()}" if query else request.path


#: The way forward at a kind of step that many orders can take at once.
FORWARD = {flow_rules.APPROVAL: "approve", flow_rules.RELEASE: "release"}
#: What may be taken back, and of how many orders at once.
UNDOABLE, MOST_UNDONE = ("approve", "release", "forward"), 50


class BoardPage(Page):
    def get(self, request: HttpRequest) -> HttpResponse:
        return self._show(request, [], undoable=request.GET.get("done", "").split(",")[:MOST_UNDONE])

    def post(self, request: HttpRequest) -> HttpResponse:
        """Do the same to every selected order; those that refuse are named and stay as they are."""
        action = request.POST.get("action", "")
        picked = [_picked(value) for value in request.POST.getlist("order")]
        try:
            outcomes = list(self._act(picked, action, request.POST.get(f"{action}_note", "")))
        except core.Refusal as refusal:
            return self._show(request, [_entry("", refusal.problem)])
        done = [outcome.number for outcome in outcomes if outcome.done]
        if done:
            messages.success(request, many_done_message(action, done))
        failed = [_entry(each.number, each.problem) for each in outcomes if each.problem]
        if failed:
            return self._show(request, failed, undoable=done if action in UNDOABLE else ())
        address = reverse("ordering:board")
        if done and action in UNDOABLE:
            address += "?" + urlencode({"done": ",".join(done[:MOST_UNDONE])})
        return redirect(address)

    def _act(
        self, picked: list[tuple[str, services.Target]], action: str, note: str
    ) -> Iterable[services.Outcome]:
        """``forward`` is whatever moves each order on: an approval or a release."""
        if action != "forward":
            yield from services.act_on_many(
                viewer=self.viewer, targets=[target for _kind, target in picked], action=action, note=note
            )
            return
        by_verb = {
            verb: [target for kind, target in picked if FORWARD.get(kind) == verb]
            for verb in FORWARD.values()
        }
        if not any(by_verb.values()):
            raise core.Refusal("no_orders", _("Select at least one order that can be approved or released."))
        for verb, targets in by_verb.items():
            if targets:
                yield from services.act_on_many(viewer=self.viewer, targets=targets, action=verb)

    def _show(
        self, request: HttpRequest, failed: list[dict[str, Any]], undoable: Sequence[str] = ()
    ) -> HttpResponse:
        """The board; ``undoable`` are orders just moved on, of which those that may be taken back are offered."""
        board = queries.board(self.viewer)
        context = {
            "viewer": self.viewer,
            "columns": [_column(column) for column in board.columns] if board.count else [],
            "may": _verbs(board.columns),
            "failed": failed,
            "undo": queries.to_undo(self.viewer, undoable),
        }
        return render(request, "qudao_b2b_ordering/board/page.html", context, status=422 if failed else 200)


def _verbs(columns: Iterable[Column]) -> set[str]:
    """What the person may do to some of the cards that can be selected: nobody is offered what no step here knows."""
    kinds = {column.kind for column in columns if column.may_act} & FORWARD.keys()
    return {verb for kind in kinds for verb in flow_rules.ACTIONS[kind]}


def _picked(value: str) -> tuple[str, services.Target]:
    """``<kind>:<step>:<revision>:<number>`` as the board wrote it; anything else names an order nobody finds."""
    kind, _first, rest = value.partition(":")
    step, _second, rest = rest.partition(":")
    revision, _third, number = rest.partition(":")
    read = int(revision) if revision.isascii() and revision.isdigit() else None
    return kind, services.Target(number or value, revision=read, step=step or None)


def _column(column: Column) -> dict[str, Any]:
    return {
        "code": column.code,
        "label": column.name,
        "is_empty": not column.count,
        "who": role_label(column.role),
        "count": column.count,
        "late": column.late,
        "amounts": column.amounts,
        "cards": [_card(column, card) for card in column.cards],
        "more": column.more,
        "more_href": f"{reverse('ordering:sales-orders')}?{urlencode({'step': column.code})}",
    }


def _card(column: Column, card: Card) -> dict[str, Any]:
    ships = "ship" in card.actions
    return {
        "number": card.number,
        "pick": f"{column.kind}:{column.code}:{card.revision}:{card.number}",
        "url": reverse("ordering:order", args=[card.number]),
        "company": card.company_name,
        "gross": card.gross,
        "currency": card.currency,
        "line_count": card.line_count,
        "since": card.since,
        "is_late": card.late,
        "blocked": card.blocked,
        "may_act": card.may_act and column.kind in FORWARD,
        "href": reverse("ordering:order-ship", args=[card.number]) if ships else "",
        "action_label": _("Ship"),
    }


def _entry(number: str, problem: core.Problem | None) -> dict[str, Any]:
    assert problem is not None
    return {
        "message": core.with_label(number, problem.message) if number else problem.message,
        "href": reverse("ordering:order", args=[number]) if number else "",
        "remedy": problem.remedy,
        "remedy_url": problem.remedy_url,
    }


class OrderPage(Page):
    """The order with its timeline, what happens next and who has to do it."""

    def get(self, request: HttpRequest, number: str) -> HttpResponse:
        detail = queries.order_detail(self.viewer, number)
        context = detail_context(self.viewer, detail)
        if self.viewer.is_staff:
            context["history"] = _history(detail.order)
        return render(request, "qudao_b2b_ordering/orders/detail.html", context)


def _history(order: Any) -> list[dict[str, Any]]:
    return [
        {"label": entry.label, "who": entry.actor_name, "when": entry.at, "state": "done"}
        for entry in core.history(order)
    ]


class OrderAct(Page):
    """A decision about the order as the person saw it; a stale page is told so and decides nothing."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        action, note = request.POST.get("action", ""), request.POST.get("note", "")
        try:
            order = services.perform(
                viewer=self.viewer, number=number, action=action, note=note, revision=_revision(request)
            )
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
        else:
            messages.success(request, done_message(self.viewer, action, order))
        return redirect("ordering:order", number)


def _put(number: str, count: int, revised: str | None) -> str:
    """Where an order's lines went: while another order is being revised that is not the cart one is used to."""
    if revised:
        words = ngettext(
            "Order %(number)s: %(count)d line is now in order %(revised)s.",
            "Order %(number)s: %(count)d lines are now in order %(revised)s.",
            count,
        )
    else:
        words = ngettext(
            "Order %(number)s: %(count)d line is in your cart.",
            "Order %(number)s: %(count)d lines are in your cart.",
            count,
        )
    return words % {"count": count, "number": number, "revised": revised}


class OrderReorder(Page):
    """Everything of an order into the cart again, at today's prices; what changed is said there."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            result = services.reorder(viewer=self.viewer, number=number)
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return redirect("ordering:order", number)
        messages.success(request, _put(number, result.kept, request_cart(request, self.viewer).revises))
        for line in result.with_problems[:10]:
            words = core.join_sentences(*(problem.message for problem in line.problems))
            messages.warning(request, core.with_label(line.sku or line.code, words))
        return redirect("ordering:cart")


class OrderRevise(Page):
    """Change a returned order in a cart of its own."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        try:
            services.revise(viewer=self.viewer, number=number)
        except core.NotFound:
            raise
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return redirect("ordering:order", number)
        return redirect("ordering:cart")


class OrderStopRevising(Page):
    """The way out of the revision: the cart from before is current again."""

    def post(self, request: HttpRequest, number: str) -> HttpResponse:
        services.stop_revising(viewer=self.viewer, number=number)
        if services.has_changes(self.viewer, number):
            text = _(
                "Order %(number)s was not changed. Your changes so far are kept for the next time you revise it."
            )
        else:
            text = _("Order %(number)s was not changed.")
        messages.success(request, text % {"number": number})
        return redirect("ordering:order", number)


def _revision(request: HttpRequest) -> int | None:
    sent = request.POST.get("revision", "")
    return int(sent) if sent.isascii() and sent.isdigit() else None


class DocumentPage(Page):
    """The PDF of a document, or the page that shows how far it is."""

    def answer(self, document: pdf.Document) -> HttpResponseBase:
        found = pdf.obtain(viewer=self.viewer, document=document)
        if isinstance(found, pdf.Made):
            return _inline(found)
        if found.has_file:
            return file_response(found, name=file_name(document.number), as_attachment=False)
        return redirect("ordering:order-export", found.pk)


class OrderConfirmation(DocumentPage):
    def get(self, request: HttpRequest, number: str) -> HttpResponseBase:
        return self.answer(pdf.order_document(self.viewer, number, _language(request)))


class DeliveryNote(DocumentPage):
    def get(self, request: HttpRequest, number: str, shipment: str) -> HttpResponseBase:
        return self.answer(pdf.delivery_note(self.viewer, number, shipment, _language(request)))


class OrderExportPage(ExportProgress):
    """How far the PDF of an order is."""

    def export(self, pk: int) -> OrderExport:
        return pdf.get_export(self.viewer, pk)

    def places(self, export: Any) -> ExportUrls:
        return ExportUrls(
            status=reverse("ordering:order-export", args=(export.pk,)),
            file=reverse("ordering:order-export-file", args=(export.pk,)),
            again=_document_url(export),
            back=reverse("ordering:order", args=(export.order.number,)),
            back_label=_("Back to the order"),
            note=_("A long order takes a few seconds. You may go on working and come back."),
        )


class OrderExportFile(ExportFile):
    """The finished file."""

    status_url = "ordering:order-export"

    def export(self, pk: int) -> OrderExport:
        return pdf.get_file(self.viewer, pk)

    def name(self, export: Any) -> str:
        return file_name(pdf.number_of(export))


def _document_url(export: OrderExport) -> str:
    """Where the document comes from, in the language of the export."""
    names = [export.order.number, *([export.shipment.number] if export.shipment else [])]
    page = "ordering:delivery-note" if export.shipment else "ordering:order-confirmation"
    return f"{reverse(page, args=names)}?lang={export.language}"


def _language(request: HttpRequest) -> str | None:
    """``?lang=en``: the document in another language than the order's."""
    asked = request.GET.get("lang")
    return asked if asked in ("en", "zh-hans") else None


def _inline(made: pdf.Made) -> HttpResponse:
    headers = {
        "Content-Disposition": f'inline; filename="{made.file_name}"',
        "Cache-Control": "private, no-store",
    }
    return HttpResponse(made.content, content_type="application/pdf", headers=headers)
