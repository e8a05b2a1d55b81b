"""Drop what nothing uses any more: groups, doors, words. Part of a rebuild."""

from __future__ import annotations

from collections.abc import Collection

from django.db import DatabaseError, connection, transaction

from . import sql
from .models import Door, Group, Word

_WORDS_AT_A_TIME = 5_000


def drop_unused() -> bool:
    """Drop groups without entries and doors without groups; whether it could be done.

    On PostgreSQL nobody may begin to use one of them meanwhile, so writers are kept out for that moment. Where they do
    not leave room within two seconds, it is left to the next rebuild.
    """
    try:
        with transaction.atomic():
            _keep_writers_out()
            _drop_empty_groups()
            used = {
                door for doors in Group.objects.order_by().values_list("doors", flat=True) for door in doors
            }
            unused = set(Door.objects.order_by().values_list("pk", flat=True)) - used
            _delete(Door._meta.db_table, unused)
    except DatabaseError as refused:
        if connection.vendor == "postgresql" and "lock timeout" in str(refused):
            return False
        raise
    return True


def last_word() -> int:
    return Word.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def drop_words(used: Collection[str], until: int) -> None:
    """Drop words that are not among ``used``, of those up to the key ``until``: newer ones may be in use by now."""
    unused: list[int] = []
    for pk, word in Word.objects.filter(pk__lte=until).order_by().values_list("pk", "text").iterator():
        if word not in used:
            unused.append(pk)
    for start in range(0, len(unused), _WORDS_AT_A_TIME):
        _delete(Word._meta.db_table, unused[start : start + _WORDS_AT_A_TIME])


def _drop_empty_groups() -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM qudao_search_group WHERE NOT EXISTS "
            "(SELECT 1 FROM qudao_search_entry WHERE group_id = qudao_search_group.id)"
        )


def _keep_writers_out() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '2s'")
            cursor.execute("LOCK TABLE qudao_search_door, qudao_search_group IN EXCLUSIVE MODE")


def _delete(table: str, ids: Collection[int]) -> None:
    if ids:
        with connection.cursor() as cursor:
            cursor.execute(f'DELETE FROM "{table}" WHERE {sql.one_of("id")}', [sql.listed(sorted(ids))])
