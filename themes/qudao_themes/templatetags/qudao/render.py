"""One way from a tag to its component's template."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template

#: Where a component's template is, by its name.
COMPONENT = "qudao_themes/components/{}.html"


def render(component: str, /, **context: Any) -> str:
    """The component ``components/<component>.html`` with ``context`` and nothing else."""
    return get_template(COMPONENT.format(component)).render(context)
