"""What the endpoints share: which company is meant, and the answer to a bulk write."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from qudao_core.errors import Refusal
from qudao_core.headless import HeadlessView, Reference, resolve
from qudao_core.imports.rules import UpsertResult
from rest_framework.response import Response

from ..models import Company
from ..queries import COMPANY_REFERENCES, visible_companies
from . import schema


def find_company(view: HeadlessView, reference: Reference) -> Company:
    """:raises NotFound: no such company, or not one the caller sees."""
    rows = visible_companies(view.viewer).select_related("tier").prefetch_related("territories")
    return resolve(reference, rows, COMPANY_REFERENCES)


def company_id_of(view: HeadlessView) -> int | None:
    """The company of the query string, as an id; the viewer's own without one.

    :raises NotFound: not a company the caller sees.
    """
    wanted = view.read_query(schema.OfCompany).get("company")
    return find_company(view, wanted).pk if wanted else view.viewer.company_id


def bulk_response(result: UpsertResult, keys: list[str], all_or_nothing: bool) -> Response:
    """A result for each row; with ``all_or_nothing`` one rejected row refuses (and undoes) the whole.

    :raises Refusal: ``rows_invalid``.
    """
    if all_or_nothing and result.problems:
        raise Refusal(
            "rows_invalid", _("Some rows are not valid; nothing was saved."), problems=result.problems
        )
    rows = [
        {
            "line": line,
            "key": key,
            "outcome": str(result.outcomes.get(line, "")),
            "id": result.ids.get(line),
            "problems": [schema.problem_of(found) for found in result.problems if found.line == line],
        }
        for line, key in enumerate(keys, start=1)
    ]
    counts = {"created": result.created, "updated": result.updated, "unchanged": result.unchanged}
    return Response(counts | {"rejected": sum(bool(row["problems"]) for row in rows), "rows": rows})
