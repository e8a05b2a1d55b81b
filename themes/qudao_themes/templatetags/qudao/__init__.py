"""Tags and filters of the theme: ``{% load qudao %}``. Every one is shown on the style page."""

from django import template

from . import components, figures, pages

register = template.Library()
for _part in (components, figures, pages):
    register.tags.update(_part.register.tags)
    register.filters.update(_part.register.filters)
