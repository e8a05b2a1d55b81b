"""Payment terms in templates."""

from __future__ import annotations

from django import template

from ..companies.queries import payment_terms

register = template.Library()
register.filter("payment_terms", payment_terms)
