"""The first requests of a new process come at the same time, in several threads."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

MEET = """
import sys, threading, time
import django
django.setup()
from django.test import RequestFactory
from django.urls import resolve
from django.views import View
from qudao_partner_portal import urls
from qudao_core.headless import operations, web

class Absent:
    # Packages that spectacular looks for take a moment not to be found, as on a busy machine.

    def find_spec(self, name, path=None, target=None):
        if name in ("dj_rest_auth", "oauth2_provider", "knox", "polymorphic"):
            time.sleep(0.05)

sys.meta_path.insert(0, Absent())
together = threading.Barrier(9)
failed = []

def begin(work):
    together.wait()
    try:
        work()
    except Exception as error:
        failed.append(repr(error))

def ask(pattern):
    view = pattern.callback.cls()
    for method in ("GET", "POST"):
        request = RequestFactory().generic(method, "/")
        request.resolver_match = type("Match", (), {"func": staticmethod(pattern.callback)})
        operations._declared(view, request)

patterns = urls.api_urlpatterns[:8]
threads = [threading.Thread(target=begin, args=(lambda each=each: ask(each),)) for each in patterns]
threads.append(threading.Thread(target=begin, args=(lambda: web.document("en"),)))
for thread in threads: thread.start()
for thread in threads: thread.join()
print(failed)
"""


@pytest.mark.slow
@pytest.mark.any_database
def test_several_threads_may_read_the_declarations_first() -> None:
    run = subprocess.run([sys.executable, "-c", MEET], env=_environment(), capture_output=True, text=True)
    assert run.stdout.strip().splitlines()[-1:] == ["[]"], run.stdout + run.stderr


def _environment() -> dict[str, str]:
    return os.environ | {
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
