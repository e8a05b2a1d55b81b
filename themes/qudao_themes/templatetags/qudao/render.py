"""One way from a tag to its component's template."""

from __future__ import annotations

from typing import Any

from django.template.loader import get_template


def render(component: str, /, **context: Any) -> str:
    """The component ``components/<component>.html`` with ``context`` and nothing else."""
    return get_template(f"qudao_themes/components/{component}.html").render(context)
