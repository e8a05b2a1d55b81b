"""How many companies and people an audience reaches: for editors, before they publish."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from qudao_core.wording import join_sentences

from ..companies.models import Company
from ..people.models import Membership, MembershipRole, Role
from ..territories.models import Territory
from . import rules


@dataclass(frozen=True, slots=True)
class Reach:
    """``guests``: visitors who have not signed in, too. ``others``: kinds of keys of plugins, which are not counted."""

    companies: int
    people: int
    guests: bool = False
    others: bool = False


def audience_reach(keys: Iterable[str]) -> Reach:
    """Companies and people (each once) that answer to one of ``keys``; five statements at most."""
    wanted = set(keys)
    companies, people = _reached(wanted)
    kinds = {key.partition(":")[0] for key in wanted}
    return Reach(
        companies.count(),
        people.order_by().values("user").distinct().count(),
        rules.EVERYONE in wanted,
        not kinds <= rules.RANKS.keys(),
    )


def reached_people(keys: Iterable[str], limit: int) -> list[tuple[str, str]]:
    """(name, company) of the first people that answer to one of ``keys``, by company and name."""
    _companies, people = _reached(set(keys))
    rows = people.select_related("user", "company").order_by("company__path", "user__last_name", "user_id")
    return [(row.user.get_full_name() or row.user.email, str(row.company)) for row in rows[:limit]]


def reached_companies(keys: Iterable[str], limit: int) -> list[str]:
    """Names of the first companies that answer to one of ``keys``, in the order of the tree."""
    companies, _people = _reached(set(keys))
    return [str(row) for row in companies.order_by("path")[:limit]]


def _reached(keys: set[str]) -> tuple[QuerySet[Company], QuerySet[Membership]]:
    """Companies all of whose people, or some of whose people, are meant; and the memberships of those who are."""
    chosen = Q(pk=None)
    for condition in _conditions(keys):
        chosen |= condition
    reading = Q(status__in=Company.READING)
    own = Q(status=Company.Status.PENDING, pk__in=_ids(keys, "company"))
    members = Membership.objects.filter(is_active=True, user__is_active=True)
    whole = Company.objects.filter(chosen & (reading | own))
    roles = [role for role in _values(keys, "role") if role in Role.values]
    if not roles:
        return whole, members.filter(company__in=whole.order_by().values("pk"))
    holding = members.filter(_holds(roles), company__status__in=Company.READING)
    companies = Company.objects.filter(
        Q(pk__in=whole.order_by().values("pk")) | Q(pk__in=holding.values("company"))
    )
    meant = Q(company__in=whole.order_by().values("pk")) | Q(pk__in=holding.values("pk"))
    return companies, members.filter(meant)


def _holds(roles: list[str]) -> Exists:
    """Memberships with one of the roles, or with all as administrators; selling ones where the company sells."""
    buying = [role for role in roles if role not in rules.SELLING]
    held = Q(role__in=roles, membership__company__is_seller=True) | Q(role__in=buying)
    held |= Q(role=rules.ADMIN, membership__company__is_seller=True)
    if buying:
        held |= Q(role=rules.ADMIN)
    return Exists(MembershipRole.objects.filter(held, membership=OuterRef("pk")))


def reach_in_words(reach: Reach) -> str:
    """ "Reaches 12 people in 3 companies." """
    companies = ngettext("%(count)d company", "%(count)d companies", reach.companies) % {
        "count": reach.companies
    }
    text = ngettext(
        "Reaches %(count)d person in %(companies)s.",
        "Reaches %(count)d people in %(companies)s.",
        reach.people,
    ) % {"count": reach.people, "companies": companies}
    said = [text]
    if reach.guests:
        said.append(_("Guests can read it too if the catalogue is open to guests."))
    if reach.others:
        said.append(_("Audiences of other kinds are not counted."))
    return join_sentences(*said)


def _conditions(keys: set[str]) -> Iterator[Q]:
    """What the keys say about a company."""
    if keys & {rules.EVERYONE, rules.MEMBERS}:
        yield Q(pk__isnull=False)
        return
    yield Q(kind__in=_values(keys, "kind"))
    yield Q(tier__code__in=_values(keys, "tier"))
    yield Q(pk__in=_ids(keys, "company"))
    for path in Company.objects.filter(pk__in=_ids(keys, "below")).order_by().values_list("path", flat=True):
        yield Q(path__startswith=path)
    if places := _values(keys, "territory"):
        yield Q(Exists(_inside(places)))


def _inside(codes: list[str]) -> QuerySet[Territory]:
    """Territories of the company at hand that are one of ``codes`` or lie inside it."""
    inside = Q(pk=None)
    for path in Territory.objects.filter(code__in=codes).order_by().values_list("path", flat=True):
        inside |= Q(path__startswith=path)
    return Territory.objects.filter(inside, companies=OuterRef("pk"))


def _values(keys: set[str], kind: str) -> list[str]:
    return [value for found, _colon, value in (key.partition(":") for key in keys) if found == kind]


def _ids(keys: set[str], kind: str) -> list[int]:
    values = _values(keys, kind)
    return [int(value) for value in values if value.isascii() and value.isdigit() and len(value) < 19]
