"""Raise the version of facts when they change."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.db.models import Count, Max, Model
from django.db.models.signals import m2m_changed, post_delete, post_save

from .models import DataChange, FactVersion
from .queries import forget_versions

#: A sum beyond this begins anew, so that it never outgrows its column.
_LARGEST_SUM = 2**61


def bump(name: str) -> None:
    """Declare that facts called ``name`` changed. Call it inside the transaction of the change, bulk writes too."""
    with transaction.atomic():
        # A number that was rolled back must never come again under other facts, so it is drawn, not counted.
        number = secrets.randbits(62)
        if not FactVersion.objects.filter(name=name).update(number=number):
            FactVersion.objects.get_or_create(name=name, defaults={"number": number})
    forget_versions()


def bump_on_change(name: str, *senders: type[Model]) -> None:
    """Let every save, delete or many-to-many change of ``senders`` raise ``name``, whoever makes it.

    A safety net for admin screens; bulk statements of services call :func:`bump` themselves.
    """

    def changed(**kwargs: object) -> None:
        bump(name)

    for sender in senders:
        uid = f"fact-version-{name}-{sender._meta.label}"
        post_save.connect(changed, sender=sender, weak=False, dispatch_uid=uid)
        post_delete.connect(changed, sender=sender, weak=False, dispatch_uid=uid)
        for field in sender._meta.local_many_to_many:
            m2m_changed.connect(
                changed, sender=field.remote_field.through, weak=False, dispatch_uid=uid + field.name
            )


def merge_data_changes() -> None:
    """Make one row of the many that changes of a name have left. The sums stay, so nothing is derived anew."""
    rows = DataChange.objects.order_by().values("name")
    found = rows.annotate(rows=Count("pk"), last=Max("pk")).filter(rows__gt=1)
    for name, last in found.values_list("name", "last"):
        with transaction.atomic():
            old = DataChange.objects.filter(name=name, pk__lte=last)
            kept = list(old.select_for_update(skip_locked=True).order_by("pk").values_list("pk", "number"))
            DataChange.objects.filter(pk__in=[pk for pk, _number in kept]).delete()
            total = sum(number for _pk, number in kept)
            number = total if total < _LARGEST_SUM else secrets.randbits(40)
            DataChange.objects.create(name=name, number=number)
