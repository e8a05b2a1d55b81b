"""Pages and documents in Wagtail's admin: audience keys are chosen by name."""

from __future__ import annotations

from wagtail.admin.forms.models import register_form_field_override

from ..audience.admin import PeopleKeysField
from .fields import AudienceKeysList

register_form_field_override(AudienceKeysList, override={"form_class": PeopleKeysField})
