"""What is told about every single save otherwise, told once: search entries, and Wagtail's own search."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.management import call_command
from django.db.models.signals import post_save
from modelsearch import index
from modelsearch.signal_handlers import post_save_signal_handler
from qudao_search import api as search


@contextmanager
def indexed_at_the_end() -> Iterator[None]:
    """Within the block no index is brought up to date; at its end each entry is written once.

    For commands that run alone: Wagtail's receivers are taken off for the whole process.
    """
    models = [model for model in index.get_indexed_models() if getattr(model, "search_auto_update", True)]
    for model in models:
        post_save.disconnect(post_save_signal_handler, sender=model)
    try:
        with search.together():
            yield
    finally:
        for model in models:
            post_save.connect(post_save_signal_handler, sender=model)
    call_command("update_index", verbosity=0)
