"""The base of every REST view: sign-in, limits, problems, pages and headers are settled here once."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db.models import QuerySet
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _
from rest_framework import exceptions, negotiation, parsers, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView
from rest_framework.viewsets import ViewSetMixin

from .. import conf, contention
from ..cache_versions.queries import Versions
from ..errors import Refusal
from ..requests import get_versions, get_viewer
from ..viewer import Viewer
from . import rules
from .authentication import BearerAuthentication, SessionAuthentication
from .changes import changed_since
from .conditional import not_modified
from .models import ApiToken
from .operations import refuse_unknown
from .pagination import CursorPagination
from .permissions import SignedIn
from .problems import problem_response
from .renderers import JSONRenderer, dumps, loads
from .schema import HeadlessSchema
from .throttling import WindowThrottle


class JSONParser(parsers.BaseParser):
    """JSON in, bounded by ``QUDAO_API_MAX_BODY`` bytes."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: str | None = None, parser_context: Any = None) -> Any:
        limit = conf.api_max_body()
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise RequestDataTooBig
        request = (parser_context or {}).get("request")
        if request is not None:
            getattr(request, "_request", request).qudao_body_digest = hashlib.sha256(body).hexdigest()
        try:
            return loads(body)
        except ValueError as error:
            raise exceptions.ParseError(_("This is not valid JSON: %s.") % error) from error


class LenientNegotiation(negotiation.DefaultContentNegotiation):
    """Answers JSON to whoever asks for something else (a browser's address bar asks for HTML)."""

    def select_renderer(
        self, request: Request, renderers: Iterable[Any], format_suffix: str | None = None
    ) -> Any:
        offered = list(renderers)
        if len(offered) == 1:
            return offered[0], offered[0].media_type
        try:
            return super().select_renderer(request, offered, format_suffix)
        except exceptions.NotAcceptable:
            return offered[0], offered[0].media_type


class HeadlessView(APIView):
    """A REST endpoint. Subclasses parse, call a query or service with ``self.viewer``, and render.

    Errors leave as problems, so a view just lets a :class:`Refusal` fly. Nothing here depends on the host's
    ``REST_FRAMEWORK`` setting.
    """

    authentication_classes = (BearerAuthentication, SessionAuthentication)
    permission_classes = (SignedIn,)
    throttle_classes = (WindowThrottle,)
    renderer_classes = (JSONRenderer,)
    parser_classes = (JSONParser,)
    content_negotiation_class = LenientNegotiation
    pagination_class = CursorPagination
    schema = HeadlessSchema()
    is_headless = True
    #: Order of a paginated queryset; must end in a unique column.
    ordering: tuple[str, ...] = ("pk",)
    #: Group in the reference; the plugin's name when empty.
    tags: tuple[str, ...] = ()

    request: Request

    @property
    def viewer(self) -> Viewer:
        """Who is calling, for which company."""
        return get_viewer(self.request)

    @property
    def versions(self) -> Versions:
        """The fact versions of this request, read once; hand them to queries that take them."""
        return get_versions(self.request)

    def get_authenticators(self) -> list[BaseAuthentication]:
        return super().get_authenticators() + [import_string(name)() for name in conf.api_authentication()]

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        self._is_admitted = False
        with contention.watching() as self._watch:
            return super().dispatch(request, *args, **kwargs)

    def handle_exception(self, exc: Exception) -> Response:
        """As in DRF; what met another writer in the database is done again first."""
        if contention.may_pass(exc):
            try:
                return self._again(exc)
            except Exception as last:
                exc = last
        return super().handle_exception(exc)

    def _again(self, exc: Exception) -> Response:
        """Run the method's handler again, several times if needed, while nothing of the request was committed."""
        handler = getattr(self, str(self.request.method).lower())
        for pause in contention.pauses():
            if pause is None or not self._watch.may_repeat:
                break
            time.sleep(pause)
            _rewind(self.request)
            try:
                if not self._is_admitted:
                    self.initial(self.request, *self.args, **self.kwargs)
                response: Response = handler(self.request, *self.args, **self.kwargs)
                return response
            except Exception as again:
                if not contention.may_pass(again):
                    raise
                exc = again
        raise exc

    def get_exception_handler(self) -> Callable[[Exception, Any], Response | None]:
        return problem_response

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """As in DRF, but callers without a valid name are counted too, and limits come before permissions."""
        self.format_kwarg = self.get_format_suffix(**kwargs)
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        _refuse_nul(request)
        try:
            self.perform_authentication(request)
        except exceptions.AuthenticationFailed:
            request._not_authenticated()
            self.check_throttles(request)
            raise
        self._settle_viewer(request)
        self.check_throttles(request)
        self.check_permissions(request)
        refuse_unknown(self, request)
        self._is_admitted = True

    def check_permissions(self, request: Request) -> None:
        for permission in self.get_permissions():
            if not permission.has_permission(request, self):
                self.permission_denied(
                    request,
                    message=getattr(permission, "message", None),
                    code=getattr(permission, "code", None),
                )

    def throttled(self, request: Request, wait: float) -> None:
        raise Refusal(
            "throttled",
            _("Too many requests. Try again in %(seconds)d s.") % {"seconds": wait},
            params={"retry_after": int(wait)},
            status=429,
        )

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        response = super().finalize_response(request, _unless_held(request, response), *args, **kwargs)
        allowance = getattr(getattr(request, "_request", request), "qudao_allowance", None)
        for name, value in (allowance.headers() if allowance else {}).items():
            response[name] = value
        response.setdefault("Cache-Control", "private, no-cache")
        response["Content-Language"] = translation.get_language() or "en"
        patch_vary_headers(response, ("Authorization", "Cookie", "Accept-Language"))
        return response

    def read(self, serializer_class: type[serializers.BaseSerializer[Any]], **options: Any) -> Any:
        """The validated body.

        :raises rest_framework.exceptions.ValidationError: rendered as 400 ``invalid`` with an entry per
            field.
        """
        return _validated(serializer_class(data=self.request.data, context={"view": self}, **options))

    def read_query(self, serializer_class: type[serializers.BaseSerializer[Any]]) -> Any:
        """The validated query string."""
        return _validated(serializer_class(data=self.request.query_params, context={"view": self}))

    def page(
        self, rows: QuerySet[Any], render: Callable[[list[Any]], Any], ordering: tuple[str, ...] | None = None
    ) -> Response:
        """One page of a queryset, rendered by `render` (all rows of the page at once)."""
        paginator = self.pagination_class()
        if ordering:
            self.ordering = ordering
        found = paginator.paginate_queryset(rows, self.request, view=self)
        return paginator.get_paginated_response(render(list(found or [])))

    def document(self, body: Any, *, state: str = "", status: int = 200) -> Response:
        """A document that changes, with its ETag; 304 for a reader who holds exactly this.

        `state` is the tag (:func:`entity_tag`) of what writers may change, which ``If-Match`` is compared with. The
        rest of the ETag is made of the whole document, so that prices of today or words in another language count,
        too.
        """
        etag = rules.document_tag(dumps(body), state)
        unchanged = not_modified(self.request, etag) if self.request.method == "GET" else None
        return unchanged or Response(body, status=status, headers={"ETag": etag})

    def page_of_changes(
        self,
        rows: QuerySet[Any],
        render: Callable[[list[Any]], Any],
        since: datetime | None,
        field: str = "updated_at",
    ) -> Response:
        """As :meth:`page`; with ``updated_since``, what changed since then in the order of changes."""
        if since is None:
            return self.page(rows, render)
        changed, ordering = changed_since(rows, since, field)
        return self.page(changed, render, ordering=ordering)

    def _settle_viewer(self, request: Request) -> None:
        token = request.auth if isinstance(request.auth, ApiToken) else None
        if token is None:
            return
        _speak_callers_language(request)
        request._request._qudao_viewer = None  # whoever looked before knew no token
        if token.company_id and get_viewer(request).company_id != token.company_id:
            raise exceptions.AuthenticationFailed(
                _("The person this token belongs to no longer works for the company."),
                code="membership_ended",
            )


class HeadlessViewSet(ViewSetMixin, HeadlessView):
    """Several actions on one kind of thing, for DRF's routers."""


def _unless_held(request: Any, response: Any) -> Any:
    """304 instead of a document whose ETag the reader names: whatever sends an ETag keeps that promise."""
    if request.method in ("GET", "HEAD") and response.status_code == 200 and response.has_header("ETag"):
        return not_modified(request, response["ETag"]) or response
    return response


def _validated(serializer: serializers.BaseSerializer[Any]) -> Any:
    serializer.is_valid(raise_exception=True)
    return serializer.validated_data


def _rewind(request: Request) -> None:
    """Files that were sent are read from their beginning again."""
    for _name, uploads in request.FILES.lists() if request.FILES else ():
        for upload in uploads:
            upload.seek(0)


def _refuse_nul(request: Request) -> None:
    """PostgreSQL stores no NUL, and no honest query contains one."""
    if "%00" in request.META.get("QUERY_STRING", "") or "\x00" in request.path:
        raise Refusal("malformed", _("The address contains a character that cannot be used."), status=400)


def _speak_callers_language(request: Request) -> None:
    """A program that names no language is answered in its person's."""
    language = getattr(request.user, "language", "")
    if language and not request.headers.get("Accept-Language"):
        translation.activate(language)
