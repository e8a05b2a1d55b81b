"""Forms of Wagtail's admin that notice a second editor.

A screen shows a record for minutes. What its form showed comes back with what was entered, in the hidden field
``seen``. If the record says something else by then, nothing is saved: the form is shown again with what was typed,
with the stored value in every field that the editor had not touched, and a note beside each field that differs.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.forms.models import InlineForeignKeyField
from django.http import HttpResponse, QueryDict
from django.utils.timezone import is_aware
from django.utils.translation import gettext_lazy as _

from .audit.queries import history
from .errors import NotFound, Outdated, Problem
from .pages import add_refusal_to_form
from .wording import join_list, join_sentences

SEEN = "seen"
STORED_MEANWHILE = _("Stored meanwhile: “%(value)s”.")
ROWS_MEANWHILE = _("Rows of this form have been changed meanwhile.")
LONGEST_VALUE = 100


def plain(value: Any) -> Any:
    """A field's value as JSON keeps it and as it is compared: ``Decimal("12.500")`` is ``"12.5"``."""
    if isinstance(value, bool):
        return value
    if isinstance(value, Decimal | int | float):
        return format(Decimal(str(value)).normalize(), "f")
    if isinstance(value, datetime):
        moment = value.astimezone(UTC) if is_aware(value) else value
        return moment.isoformat(timespec="minutes")  # as exact as its field
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, models.Model):
        return plain(value.pk)
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        return [plain(each) for each in value]
    return "" if value is None else str(value).replace("\r\n", "\n").strip()


def displayed_values(form: forms.BaseForm) -> dict[str, Any]:
    """What the screen of a form shows before anybody types: by field, and by set of rows."""
    found = _shown_fields(form)
    for name, formset in getattr(form, "formsets", {}).items():
        found[name] = [_shown_fields(row) for row in formset.initial_forms]
    return found


def submitted_snapshot(form: forms.BaseForm) -> dict[str, Any]:
    """What the screen showed when the editor began, as it was sent back; nothing of a form that sends nothing."""
    try:
        found = json.loads(form.data.get(SEEN) or "{}")
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def was_edited(form: forms.BaseForm, name: str, seen: Mapping[str, Any]) -> bool:
    """Whether the editor entered something else in a field than it showed."""
    bound = form[name]
    if bound.field.disabled:
        return False
    entered, before = _entered(bound), seen.get(name, "")
    return bool(entered != before and (entered or before))


class EditConflictMixin:
    """For Wagtail's edit views, before the class that saves: refuses what was entered over a stale screen.

    The record is locked before it is compared, so that nothing is saved in between.
    """

    model: Any
    object: Any
    request: Any

    def get_form(self, form_class: Any = None) -> Any:
        return with_snapshot(super().get_form(form_class))  # type: ignore[misc]

    def hold(self, form: Any) -> None:
        """Lock what the form stands for, in the order that the services lock it in."""
        lock_record(self.model, self.object.pk)

    def form_valid(self, form: Any) -> HttpResponse:
        if not submitted_snapshot(form):
            form.cleaned_data.pop(SEEN, None)
            return super().form_valid(form)  # type: ignore[misc, no-any-return]
        with transaction.atomic():
            try:
                self.hold(form)
                again = rebind_on_conflict(form, self._stored)
            except (NotFound, self.model.DoesNotExist):
                form.add_error(None, _("Someone has deleted it meanwhile; nothing was saved."))
                return self.form_invalid(form)  # type: ignore[attr-defined, no-any-return]
            if again is None:
                return super().form_valid(form)  # type: ignore[misc, no-any-return]
        self.object = again.instance
        self.produced_error_message = conflict_message(self.object)
        return self.form_invalid(again)  # type: ignore[attr-defined, no-any-return]

    def _stored(self, data: QueryDict | None = None) -> Any:
        """The form of the record as it is stored now, with ``data`` typed into it."""
        row = self.model._default_manager.get(pk=self.object.pk)
        own = {"instance": row, "data": data, "files": None}
        return self.get_form_class()(**(self.get_form_kwargs() | own))  # type: ignore[attr-defined]


def with_snapshot(form: Any) -> Any:
    """The form, with what it shows in the hidden field that comes back."""
    form.fields[SEEN] = forms.CharField(required=False, widget=forms.HiddenInput)
    if not form.is_bound:
        form.initial[SEEN] = json.dumps(displayed_values(form))
    return form


def rebind_on_conflict(form: Any, stored: Callable[[QueryDict | None], Any]) -> Any:
    """The form to show instead of saving a valid one, when the record says something else than was seen; else ``None``.

    ``stored``: makes the form of the record as it is now, with the given data typed into it.
    Whoever calls has locked it.
    """
    form.cleaned_data.pop(SEEN, None)
    seen, fresh = submitted_snapshot(form), stored(None)
    now = displayed_values(fresh)
    differing = [name for name, value in now.items() if name in seen and seen[name] != value]
    if not differing:
        return None
    merged = with_snapshot(stored(_merged(form, fresh, now)))
    merged.is_valid()
    for name in differing:
        if name in merged.fields:
            words = STORED_MEANWHILE % {"value": _in_words(merged.fields[name], now[name])}
            add_refusal_to_form(merged, _said(words, name))
        elif name in getattr(merged, "formsets", {}):
            add_refusal_to_form(merged, _said(getattr(merged, "changed_rows", {}).get(name, ROWS_MEANWHILE)))
    return merged


def conflict_message(record: models.Model) -> str:
    """Why a form is shown again: who has changed the record, and what to do."""
    last = next(iter(history(record, limit=1)), None)
    text = _("This has been changed while you were editing it; nothing was saved yet.")
    if last is not None and last.actor_name:
        text = _("%(who)s has changed this while you were editing it; nothing was saved yet.") % {
            "who": last.actor_name
        }
    return join_sentences(text, _("Your entries are still here. Check the marked fields and save again."))


def lock_record(model: Any, pk: Any) -> None:
    """Lock one record.

    :raises model.DoesNotExist: it has been deleted.
    """
    model._base_manager.select_for_update(of=("self",)).only("pk").get(pk=pk)


def _said(words: Any, field: str | None = None) -> Any:
    return Outdated("changed_meanwhile", words, problems=[Problem("changed_meanwhile", words, field=field)])


def _shown_fields(form: forms.BaseForm) -> dict[str, Any]:
    return {name: _shown(form[name]) for name, field in form.fields.items() if _is_compared(name, field)}


def _is_compared(name: str, field: forms.Field) -> bool:
    own = (SEEN, forms.formsets.DELETION_FIELD_NAME, forms.formsets.ORDERING_FIELD_NAME)
    return name not in own and not isinstance(field, forms.FileField | InlineForeignKeyField)


def _shown(bound: forms.BoundField) -> Any:
    return _canonical(bound, bound.field.prepare_value(bound.initial))


def _entered(bound: forms.BoundField) -> Any:
    field = bound.field
    try:
        return _canonical(bound, field.prepare_value(field.to_python(bound.data)))
    except ValidationError:
        return None


def _canonical(bound: forms.BoundField, value: Any) -> Any:
    widget = bound.field.widget
    if isinstance(value, list | tuple | set | frozenset | models.QuerySet):
        if getattr(widget, "allow_multiple_selected", False):
            return sorted(plain(each) for each in value)
        return plain(widget.format_value(value))
    if value is None and getattr(widget, "allow_multiple_selected", False):
        return []
    if isinstance(bound.field, forms.BooleanField) and not isinstance(bound.field, forms.NullBooleanField):
        return bool(value)
    return plain(value)


def _rows_entered(formset: Any) -> list[dict[str, Any]]:
    """The rows as the editor left them, in their order."""
    rows = []
    for place, row in enumerate(formset.forms):
        data = getattr(row, "cleaned_data", None) or {}
        if not data or data.get(forms.formsets.DELETION_FIELD_NAME):
            continue
        values = {
            name: _entered(row[name]) for name, field in row.fields.items() if _is_compared(name, field)
        }
        rows.append((data.get(forms.formsets.ORDERING_FIELD_NAME) or place + 1, place, values))
    return [values for _order, _place, values in sorted(rows, key=lambda each: each[:2])]


def _merged(form: forms.BaseForm, stored: forms.BaseForm, now: Mapping[str, Any]) -> QueryDict:
    """What was typed, over what is stored now: the data of the form to show after somebody else has saved."""
    seen, data = submitted_snapshot(form), form.data.copy()
    for name in stored.fields:
        if name in now and _is_theirs(form, name, seen, now):
            _put(data, stored[name])
    for name, formset in getattr(form, "formsets", {}).items():
        if not formset.is_bound or _rows_entered(formset) != seen.get(name):
            continue
        for key in [key for key in data if key.startswith(f"{formset.prefix}-")]:
            del data[key]
        fresh = stored.formsets[name]  # type: ignore[attr-defined]
        for each in [fresh.management_form, *fresh.forms]:
            for bound in each:
                _put(data, bound)
    data[SEEN] = json.dumps(now)
    return data


def _is_theirs(form: forms.BaseForm, name: str, seen: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether somebody else changed a field that this editor left as it was, or never had on the screen."""
    if name not in seen:
        return not form.data.get(name)
    return bool(now[name] != seen[name]) and not (name in form.fields and was_edited(form, name, seen))


def _put(data: QueryDict, bound: forms.BoundField) -> None:
    """Put what a field shows where its widget reads it from."""
    value, widget, name = bound.value(), bound.field.widget, bound.html_name
    if isinstance(widget, forms.MultiWidget):
        for suffix, part in zip(widget.widgets_names, widget.decompress(value), strict=True):
            data[f"{name}{suffix}"] = "" if part is None else str(part)
    elif isinstance(widget, forms.CheckboxInput):
        data.pop(name, None)
        if value:
            data[name] = "on"
    elif getattr(widget, "allow_multiple_selected", False):
        data.setlist(name, [str(plain(each)) for each in value or ()])
    else:
        shown = widget.format_value(value)
        shown = shown[0] if isinstance(shown, list) and shown else shown
        data[name] = "" if shown is None else str(shown)


def _in_words(field: forms.Field, value: Any) -> str:
    if isinstance(field, forms.BooleanField):
        return str(_("Yes") if value else _("No"))
    if isinstance(field, forms.ModelChoiceField):
        return _of_rows(field, value)
    if isinstance(field, forms.ChoiceField):
        names = _choices(field.choices)
        value = [names.get(each, each) for each in (value if isinstance(value, list) else [value])]
    return (join_list(value) if isinstance(value, list) else str(value)[:LONGEST_VALUE]) or "–"


def _of_rows(field: Any, value: Any) -> str:
    ids = [each for each in (value if isinstance(value, list) else [value]) if each]
    key = f"{field.to_field_name or 'pk'}__in"
    rows = field.queryset.filter(**{key: ids}) if ids else ()
    return join_list(field.label_from_instance(row).strip("– \u3000") for row in rows) or "–"


def _choices(choices: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, label in choices:
        if isinstance(label, list | tuple):
            found |= _choices(label)
        else:
            found[str(key)] = str(label).lstrip("– ")
    return found
