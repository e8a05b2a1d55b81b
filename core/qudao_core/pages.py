"""What HTML pages of every plugin share: who may open them, and how a refusal looks.

A page lets a :class:`~qudao_core.errors.Refusal` fly when it cannot say it beside a field or a line; it
becomes a page of its own that says what is wrong, what to do next and where.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, TypeVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.db import DatabaseError
from django.forms import BaseForm
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.generic import View

from . import contention, hooks
from .errors import Forbidden, NotFound, Problem, Refusal
from .headless.problems import CONTENT_TYPE, describe_refusal
from .requests import get_viewer
from .sign_in import is_script as is_script
from .viewer import Viewer
from .wording import join_list, join_sentences

V = TypeVar("V", bound=Callable[..., HttpResponseBase])


def refusal_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The page for a refusal that belongs to no field: 404 for what is not there, else its own status."""
    context = {
        "refusal": refusal,
        "problem": refusal.problem,
        "problems": refusal.problems,
        "is_missing": isinstance(refusal, NotFound),
        "is_for_later": "retry_after" in refusal.problem.params,
        "is_forbidden": isinstance(refusal, Forbidden),
    }
    return render(request, "qudao_core/refused.html", context, status=refusal.status)


def busy_page(request: HttpRequest) -> HttpResponse:
    """The answer to a request that did not get through to the database."""
    return try_later_page(request, contention.busy())


def try_later_page(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """The answer to a request that may be sent again later (503): a page for people, which a program (a script of the
    page too) gets as a problem document. With ``Retry-After``."""
    if "text/html" in request.headers.get("Accept", "text/html") and "HX-Request" not in request.headers:
        response = _page_for_later(request, refusal)
    else:
        response = JsonResponse(
            describe_refusal(refusal, request), status=refusal.status, content_type=CONTENT_TYPE
        )
    response["Retry-After"] = str(refusal.problem.params["retry_after"])
    return response


def _page_for_later(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """With the navigation, where the database still answers what stands in it."""
    try:
        return refusal_page(request, refusal)
    except DatabaseError:
        context = {
            "title": _("Not possible now"),
            "message": join_sentences(refusal.message, refusal.problem.remedy),
            "code": refusal.status,
        }
        return render(None, "qudao_themes/error.html", context, status=refusal.status)


def show_refusal(request: HttpRequest, refusal: Refusal) -> None:
    """Say a refusal on the next page, with its remedy and every single problem."""
    problems = (problem.message for problem in refusal.problems[:5])
    messages.error(request, join_sentences(refusal.message, *problems, refusal.problem.remedy))


def show_problems(form: BaseForm, problems: Iterable[Problem]) -> None:
    """Say what is wrong with a stored row beside the fields of its form, which has just been opened."""
    form.data = {field.html_name: field.value() for field in form}
    form.is_bound = True
    form.errors.clear()  # what the form itself would say about fields that nobody has sent
    _say(form, problems)


def add_refusal_to_form(form: BaseForm, refusal: Refusal) -> None:
    """Say a refusal beside the fields it names; what names no field of the form stands above it."""
    _say(form, refusal.problems or (refusal.problem,))


def _say(form: BaseForm, problems: Iterable[Problem]) -> None:
    shown_at = getattr(form, "shown_at", {})
    for problem in problems:
        words = join_sentences(problem.message, problem.remedy)
        field = shown_at.get(problem.field, problem.field)
        form.add_error(field if field in form.fields else None, words)


def allowed_in_previews(view: V) -> V:
    """Mark a view that is not a :class:`Page` and the same for everybody: a preview as a company refuses all others."""
    view.in_previews = True  # type: ignore[attr-defined]
    return view


class Page(View):
    """A page for people of companies. ``guests = True`` opens it to visitors who have not signed in.

    ``roles``: the person needs one of them in the company (its administrator has them all); others are told so.
    """

    guests = False
    roles: tuple[str, ...] = ()
    #: Whether a preview as a company shows the page: to nobody (``False``), or to holders of a back-office permission.
    in_previews: bool | str = False

    @property
    def viewer(self) -> Viewer:
        return get_viewer(self.request)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not self.guests and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        try:
            self._require_preview()
            self.require()
            return super().dispatch(request, *args, **kwargs)
        except Refusal as refusal:
            missing = isinstance(refusal, NotFound) and self.viewer.is_preview
            return refusal_page(request, self.why_missing(refusal, **kwargs) if missing else refusal)

    def _require_preview(self) -> None:
        shown = self.in_previews
        if self.viewer.is_preview and not (self.viewer.shows(shown) if isinstance(shown, str) else shown):
            raise not_in_preview()

    def why_missing(self, refusal: Refusal, **kwargs: Any) -> Refusal:
        """What a preview says instead of "there is no such thing", if the page knows more."""
        return refusal

    def require(self) -> None:
        """Refuse people the page is not for, before anything is read.

        :raises Refusal: ``role_required``.
        """
        if self.roles and not (self.viewer.is_member and self.viewer.has_role(*self.roles)):
            raise role_required(self.roles)


def role_required(roles: tuple[str, ...]) -> Refusal:
    """What somebody without any of ``roles`` is told: which role it takes and who can give it."""
    names = join_list(str(hooks.roles.get(role) or role) for role in roles)
    return Refusal(
        "role_required",
        _("This page is for people with the role: %(roles)s.") % {"roles": names},
        remedy=_("An administrator of your company can give you the role."),
        params={"roles": list(roles)},
        status=HTTPStatus.FORBIDDEN,
    )


def not_in_preview() -> Forbidden:
    return Forbidden(
        "not_in_preview",
        _("This page cannot be previewed."),
        remedy=_(
            "A preview shows the home page, products, the handbook, pages, documents and search, but not the "
            "company's own records. End the preview to open other pages."
        ),
    )
