"""What a viewer may read: access rules of audience keys and Wagtail's restrictions, judged in one statement."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from django.contrib.auth import get_user_model
from qudao_core import conf as core_conf
from qudao_core.viewer import Viewer
from wagtail.models import GroupCollectionPermission, GroupPagePermission

from . import rules


def sees_all_content(viewer: Viewer) -> bool:
    """Back-office people who edit pages or documents and act for no company see everything published.

    One statement for them, none for anybody else.
    """
    if not viewer.is_staff or viewer.is_member or not viewer.may("wagtailadmin.access_admin"):
        return False
    if viewer.is_superuser:
        return True
    pages = GroupPagePermission.objects.filter(group__user=viewer.user_id).order_by().values("group_id")
    documents = GroupCollectionPermission.objects.filter(group__user=viewer.user_id).order_by()
    return pages.union(documents.values("group_id")).exists()


class AccessCheck:
    """Judges access rules for a viewer. Reads from the database only what the rules need, and only once."""

    def __init__(self, viewer: Viewer) -> None:
        self.viewer = viewer

    def is_open(self, tokens: frozenset[str]) -> bool:
        """Whether an access rule of the policy ``audience`` is open."""
        if self._is_shut_out:
            return False
        keys, asked = rules.keys_and_restrictions(tokens)
        return self._sees_all or (not self.viewer.audience.isdisjoint(keys) and self.meets(asked))

    def meets(self, restrictions: frozenset[str]) -> bool:
        """Whether the viewer may pass all these restrictions. Wagtail lets superusers into every group's pages."""
        if self.viewer.is_superuser or not restrictions:
            return True
        asks_for_groups = any(token.startswith(rules.GROUP) for token in restrictions)
        groups = self._groups if asks_for_groups else frozenset()
        return rules.restrictions_met(restrictions, signed_in=not self.viewer.is_guest, groups=groups)

    @property
    def _is_shut_out(self) -> bool:
        """Guests see nothing where the catalogue is closed."""
        return self.viewer.is_guest and not core_conf.open_catalogue() and not self.viewer.is_superuser

    @cached_property
    def _sees_all(self) -> bool:
        return sees_all_content(self.viewer)

    @cached_property
    def _groups(self) -> frozenset[int]:
        users = get_user_model()._default_manager.filter(pk=self.viewer.user_id, groups__isnull=False)
        return frozenset(users.values_list("groups", flat=True))


def open_to_audience(viewer: Viewer, access_rules: Sequence[frozenset[str]]) -> list[bool]:
    """The search's policy ``audience``: a rule is open when it shares a key and every restriction is met."""
    reading = AccessCheck(viewer)
    return [reading.is_open(tokens) for tokens in access_rules]


def restriction_tokens(restrictions: Iterable[Any]) -> frozenset[str] | None:
    """What Wagtail's view restrictions (of pages or collections) ask for, as tokens; ``None`` with a password."""
    tokens: set[str] = set()
    for each in restrictions:
        if each.restriction_type == each.PASSWORD:
            return None
        if each.restriction_type == each.LOGIN:
            tokens.add(rules.SIGNED_IN)
        if each.restriction_type == each.GROUPS:
            tokens.add(rules.any_group(group.pk for group in each.groups.all()))
    return frozenset(tokens)
