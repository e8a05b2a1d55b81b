"""The page of quick order: paste, upload or type; all end in the same table, which is kept on the account."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core import api as core
from qudao_core.headless import is_first_submission
from qudao_core.pages import Page, show_refusal

from ..cart import services as carts
from . import files, presenters, queries, services


class QuickOrderPage(Page):
    """The kept lines with today's prices and stock, and the three ways to add some."""

    def require(self) -> None:
        carts.refuse_unless_buyer(self.viewer)

    def get(self, request: HttpRequest) -> HttpResponse:
        sheet = queries.sheet(self.viewer, queries.kept(self.viewer))
        context = presenters.page_context(self.viewer, sheet, request.GET.get("page", ""))
        context |= {"request_key": uuid.uuid4().hex, "focus": request.GET.get("focus", "")}
        return render(request, "qudao_b2b_ordering/quick_order/page.html", context)


class QuickOrderAdd(Page):
    """Add lines: a pasted text, a file, or one line that was typed. The same form sent twice adds once."""

    def require(self) -> None:
        carts.refuse_unless_buyer(self.viewer)

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("ordering:quick-order")

    def post(self, request: HttpRequest) -> HttpResponse:
        try:
            with transaction.atomic():
                if is_first_submission(int(self.viewer.user_id or 0), request.POST.get("request_key", "")):
                    self._add(request)
        except core.Refusal as refusal:
            show_refusal(request, refusal)
        response = redirect("ordering:quick-order")
        if "code" in request.POST:
            response["Location"] += "?focus=code"
        return response

    def _add(self, request: HttpRequest) -> None:
        if "code" in request.POST:
            code, quantity = request.POST["code"], request.POST.get("quantity", "") or "1"
            services.add_line(viewer=self.viewer, code=code, quantity=quantity)
            return
        upload = request.FILES.get("file")
        text = request.POST.get("text", "")
        if upload is not None:
            text = "\n".join(filter(str.strip, [text, files.text_of(upload)]))
        count = services.paste(viewer=self.viewer, text=text)
        words = ngettext("%(count)d line was read.", "%(count)d lines were read.", count)
        messages.success(request, words % {"count": count})


class QuickOrderLines(Page):
    """Answer questions on lines, take lines out, or put everything that is ready into the cart."""

    def require(self) -> None:
        carts.refuse_unless_buyer(self.viewer)

    def get(self, request: HttpRequest) -> HttpResponse:
        return redirect("ordering:quick-order")

    def post(self, request: HttpRequest) -> HttpResponse:
        wish = request.POST.get("do", "update")
        try:
            if wish == "clear":
                services.remove_lines(viewer=self.viewer)
            elif wish.startswith("remove-"):
                services.remove_lines(viewer=self.viewer, line_ids=_ids(wish.removeprefix("remove-")))
            else:
                return self._update(request, wish)
        except core.Refusal as refusal:
            show_refusal(request, refusal)
        return redirect("ordering:quick-order")

    def _update(self, request: HttpRequest, wish: str) -> HttpResponse:
        answers = _answers(request.POST)
        if wish.startswith("choose-"):
            line, _dash, sku = wish.removeprefix("choose-").partition("-")
            for pk in _ids(line):
                answers[pk] = (sku, answers.get(pk, ("", ""))[1])
        with transaction.atomic():
            services.change_lines(viewer=self.viewer, answers=answers)
            if wish != "order":
                return redirect("ordering:quick-order")
            result = services.order_kept(viewer=self.viewer)
        return self._ordered(request, result)

    def _ordered(self, request: HttpRequest, result: services.QuickResult) -> HttpResponse:
        count = len(result.added)
        if not count:
            messages.warning(request, _("No line can be ordered as it is."))
            return redirect("ordering:quick-order")
        words = ngettext("%(count)d line is in your cart.", "%(count)d lines are in your cart.", count)
        messages.success(request, words % {"count": count})
        rest = any(line.wanted.number not in result.added for line in result.lines)
        return redirect("ordering:quick-order" if rest else "ordering:cart")


class QuickOrderFile(Page):
    """The kept lines as a sheet, with the reason beside each."""

    def require(self) -> None:
        carts.refuse_unless_buyer(self.viewer)

    def get(self, request: HttpRequest) -> HttpResponse:
        sheet = queries.sheet(self.viewer, queries.kept(self.viewer))
        rows = files.rows_of(self.viewer, sheet)
        kind = "csv" if request.GET.get("format") == "csv" else "xlsx"
        if kind == "xlsx":
            response = HttpResponse(
                core.spreadsheets.workbook(rows, title=_("Quick order")), content_type=core.spreadsheets.XLSX
            )
        else:
            response = HttpResponse(
                "".join(core.spreadsheets.csv_lines(list(rows))), content_type=core.spreadsheets.CSV
            )
        response["Content-Disposition"] = f'attachment; filename="quick-order.{kind}"'
        return response


class OwnNumbersPage(Page):
    """The company's own item numbers: a list of them, and many at once from a file or pasted."""

    def require(self) -> None:
        carts.refuse_unless_buyer(self.viewer)

    def get(self, request: HttpRequest) -> HttpResponse:
        return self._page(request)

    def post(self, request: HttpRequest) -> HttpResponse:
        """Setting the same numbers again changes nothing, so the form may be sent twice."""
        upload, text = request.FILES.get("file"), request.POST.get("text", "")
        try:
            given = files.numbers_in(files.text_of(upload) if upload is not None else text)
            result = services.set_own_numbers(viewer=self.viewer, rows=[row for _line, row in given])
        except core.Refusal as refusal:
            show_refusal(request, refusal)
            return self._page(request, text=text)
        count = result.created + result.updated
        words = ngettext("%(count)d item number was changed.", "%(count)d item numbers were changed.", count)
        messages.success(request, words % {"count": count})
        if not result.problems:
            return redirect("ordering:own-numbers")
        said = [
            _("Line %(line)d: %(message)s") % {"line": given[problem.line - 1][0], "message": problem.message}
            for problem in result.problems[:100]
            if problem.line
        ]
        return self._page(request, said=said, text=text)

    def _page(self, request: HttpRequest, said: Sequence[str] = (), text: str = "") -> HttpResponse:
        window = Paginator(queries.own_numbers(self.viewer), presenters.PAGE).get_page(
            request.GET.get("page")
        )
        rows = [
            {"number": each.number, "sku": facts.sku, "name": facts.name(self.viewer.language)}
            for each, facts in queries.number_rows(self.viewer, list(window.object_list))
        ]
        context = {"rows": rows, "window": window, "said": said, "text": text}
        return render(
            request, "qudao_b2b_ordering/quick_order/numbers.html", context, status=422 if said else 200
        )


def _answers(posted: QueryDict) -> dict[int, tuple[str, str]]:
    """Line id → code and quantity as they stand in the fields."""
    found = {}
    for name in posted:
        if name.startswith("code-"):
            for pk in _ids(name.removeprefix("code-")):
                found[pk] = (posted[name], posted.get(f"quantity-{pk}", ""))
    return found


def _ids(text: str) -> list[int]:
    return [int(text)] if text.isascii() and text.isdigit() and len(text) < 19 else []
