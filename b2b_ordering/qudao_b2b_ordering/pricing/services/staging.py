"""A temporary table of price rows on their way into a list, checked and merged by SQL on both databases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from django.db import connection
from django.utils import timezone
from oscar.core.loading import get_model
from qudao_core import bulk_sql

from ..models import PriceRow

#: line, product id, SKU, external key, minimum, unit price, first day, last day
Staged = tuple[int, int | None, str | None, str | None, Any, Any, Any, Any]
TABLE = "qudao_staged_prices"
_TYPES = {
    "line": bulk_sql.BIGINT,
    "product_id": bulk_sql.BIGINT,
    "sku": bulk_sql.TEXT,
    "external_key": bulk_sql.TEXT,
    "min_quantity": bulk_sql.NUMERIC,
    "unit_price": bulk_sql.NUMERIC,
    "valid_from": bulk_sql.DATE,
    "valid_until": bulk_sql.DATE,
}
_PRICES = f'"{PriceRow._meta.db_table}"'
_SAME = """p.price_list_id = %s AND p.product_id = s.product_id AND p.min_quantity = s.min_quantity
    AND p.valid_from = s.valid_from"""
_NEVER = "'9999-12-31'"
_DIFFERS = f"""(p.unit_price <> s.unit_price
    OR COALESCE(p.valid_until, {_NEVER}) <> COALESCE(s.valid_until, {_NEVER}))"""


def staged(rows: Iterable[Staged]) -> AbstractContextManager[None]:
    """Put ``rows`` into the table for the length of the block. Call it inside a transaction."""
    return bulk_sql.temporary_table(TABLE, _TYPES, rows)


def _profiles() -> str:
    profile = get_model("catalogue", "Product")._meta.get_field("profile").related_model
    return f'"{profile._meta.db_table}"'


def resolve() -> list[int]:
    """Find the products behind codes; answers the lines whose product does not exist."""
    products, profiles = f'"{get_model("catalogue", "Product")._meta.db_table}"', _profiles()
    with connection.cursor() as cursor:
        for column, condition in (
            ("sku", "UPPER(f.sku) = UPPER({table}.sku)"),
            ("external_key", "f.external_key = {table}.external_key"),
            (
                "external_key",
                "{table}.product_id IS NULL AND UPPER(f.external_key) = UPPER({table}.external_key)"
                " AND NOT EXISTS (SELECT 1 FROM {profiles} AS o WHERE o.product_id <> f.product_id"
                " AND UPPER(o.external_key) = UPPER(f.external_key))",
            ),
        ):
            where = condition.format(table=TABLE, profiles=profiles)
            cursor.execute(
                f"UPDATE {TABLE} SET product_id = f.product_id FROM {profiles} AS f"
                f" WHERE {TABLE}.{column} <> '' AND {where}"
            )
        cursor.execute(
            f"SELECT line FROM {TABLE} AS s WHERE product_id IS NULL"
            f" OR NOT EXISTS (SELECT 1 FROM {products} AS t WHERE t.id = s.product_id) ORDER BY line"
        )
        return [line for (line,) in cursor.fetchall()]


def fractional_minimums() -> dict[int, int]:
    """Line → product id of the rows whose minimum is no whole number."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line, product_id FROM {TABLE} WHERE product_id IS NOT NULL"
            " AND min_quantity <> CAST(min_quantity AS integer)"
            if connection.vendor == "sqlite"
            else f"SELECT line, product_id FROM {TABLE} WHERE product_id IS NOT NULL"
            " AND min_quantity <> TRUNC(min_quantity)"
        )
        return dict(cursor.fetchall())


def duplicates() -> list[int]:
    """Lines that repeat the product, minimum and first day of an earlier line."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT line FROM (SELECT line, ROW_NUMBER() OVER (PARTITION BY product_id, min_quantity, valid_from"
            f" ORDER BY line) AS place FROM {TABLE}) AS numbered WHERE place > 1 ORDER BY line"
        )
        return [line for (line,) in cursor.fetchall()]


def drop(lines: Sequence[int]) -> None:
    """Leave refused lines out."""
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE line = %s", [(line,) for line in lines])


def compare(list_id: int) -> tuple[int, int, int]:
    """How many staged rows are new to the list, would change it, and say what it says already."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT COUNT(*), COUNT(p.id), COUNT(CASE WHEN p.id IS NOT NULL AND {_DIFFERS} THEN 1 END)"
            f" FROM {TABLE} AS s LEFT JOIN {_PRICES} AS p ON {_SAME}",
            [list_id],
        )
        every, known, changed = cursor.fetchone()
    return every - known, changed, known - changed


def outcomes(list_id: int) -> dict[int, str]:
    """Line → ``created``, ``changed`` or ``unchanged``."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.line, CASE WHEN p.id IS NULL THEN 'created' WHEN {_DIFFERS} THEN 'changed'"
            f" ELSE 'unchanged' END FROM {TABLE} AS s LEFT JOIN {_PRICES} AS p ON {_SAME}",
            [list_id],
        )
        return dict(cursor.fetchall())


def changes(list_id: int, limit: int) -> list[tuple[Any, ...]]:
    """The first changed rows: (product id, minimum, first day, old price, new price, old end, new end)."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT s.product_id, s.min_quantity, s.valid_from, p.unit_price, s.unit_price, p.valid_until,"
            f" s.valid_until FROM {TABLE} AS s JOIN {_PRICES} AS p ON {_SAME} WHERE {_DIFFERS}"
            f" ORDER BY s.line LIMIT {int(limit)}",
            [list_id],
        )
        return cursor.fetchall()


def merge(list_id: int) -> None:
    """Add new rows, change changed ones, leave the others untouched."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {_PRICES} AS p"
            " (price_list_id, product_id, min_quantity, unit_price, valid_from, valid_until, updated_at)"
            " SELECT %s, product_id, min_quantity, unit_price, valid_from, valid_until, %s"
            f" FROM {TABLE} WHERE true ORDER BY line"
            " ON CONFLICT (price_list_id, product_id, min_quantity, valid_from) DO UPDATE"
            " SET unit_price = excluded.unit_price, valid_until = excluded.valid_until,"
            " updated_at = excluded.updated_at"
            f" WHERE {_DIFFERS.replace('s.', 'excluded.')}",
            [list_id, connection.ops.adapt_datetimefield_value(timezone.now())],
        )


_OVERLAP = (
    f"p.valid_from <= COALESCE({{0}}.valid_until, {_NEVER})"
    f" AND {{0}}.valid_from <= COALESCE(p.valid_until, {_NEVER})"
)
_STAGED = "{0}.product_id = {1}.product_id AND {0}.min_quantity = {1}.min_quantity AND {0}.valid_from = {1}.valid_from"
#: A break whose price is above that of the next lower one, on a day on which both are the ones that count. Each break
#: meets its neighbour only: with hundreds of breaks a product, pairs of all of them would take hours.
_DEARER = f"""
    SELECT MIN(COALESCE(s.line, t.line)), MIN(f.sku), p.min_quantity, p.unit_price, MAX(q.min_quantity),
      MIN(q.unit_price)
    FROM (SELECT DISTINCT product_id FROM {TABLE}) AS touched
    LEFT JOIN {{profiles}} AS f ON f.product_id = touched.product_id
    JOIN {_PRICES} AS p ON p.product_id = touched.product_id AND p.price_list_id = %s
    JOIN {_PRICES} AS q ON q.product_id = p.product_id AND q.price_list_id = p.price_list_id
      AND q.unit_price < p.unit_price AND {_OVERLAP.format("q")}
      AND q.min_quantity = (SELECT MAX(n.min_quantity) FROM {_PRICES} AS n WHERE n.price_list_id = p.price_list_id
        AND n.product_id = p.product_id AND n.min_quantity < p.min_quantity AND {_OVERLAP.format("n")})
    LEFT JOIN {TABLE} AS s ON {_STAGED.format("s", "p")}
    LEFT JOIN {TABLE} AS t ON {_STAGED.format("t", "q")}
    WHERE (s.line IS NOT NULL OR t.line IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM {_PRICES} AS r WHERE r.price_list_id = p.price_list_id
        AND r.product_id = p.product_id
        AND ((r.min_quantity = q.min_quantity AND r.valid_from > q.valid_from AND r.valid_from <= p.valid_from)
          OR (r.min_quantity = p.min_quantity AND r.valid_from > p.valid_from AND r.valid_from <= q.valid_from)))
    GROUP BY p.product_id, p.min_quantity, p.unit_price ORDER BY 1 LIMIT %s
"""


def dearer_breaks(list_id: int, limit: int) -> list[tuple[Any, ...]]:
    """The first breaks among the staged products that cost more than a smaller quantity does.

    (line, SKU, minimum, unit price, lower minimum, its price)
    """
    with connection.cursor() as cursor:
        cursor.execute(_DEARER.format(profiles=_profiles()), [list_id, limit])
        return cursor.fetchall()


def remove_others(list_id: int) -> int:
    """Remove the list's rows that were not staged; answers how many."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM {_PRICES} WHERE id IN (SELECT p.id FROM {_PRICES} AS p"
            f" LEFT JOIN {TABLE} AS s ON {_SAME.replace('p.price_list_id = %s AND ', '')}"
            " WHERE p.price_list_id = %s AND s.line IS NULL)",
            [list_id],
        )
        return int(cursor.rowcount)
