"""An import whose process dies or fails is not lost in "running": it ends with a message, or goes on."""

import os
import signal
import subprocess
import sys
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from qudao_core import api as core
from qudao_core import hooks as core_hooks
from qudao_core.events.dispatch import dispatch
from qudao_core.events.models import Delivery
from qudao_core.imports import leases, services
from qudao_core.imports.models import ImportJob
from qudao_core.imports.rest import describe
from qudao_partner_portal.companies.models import Tier
from qudao_partner_portal.testing import viewer_of

from tests.core.imports.conftest import Tiers

pytestmark = pytest.mark.django_db

GOOD = b"code,name\ngold,Gold\nsilver,Silver\nbronze,Bronze\n"
LATER = timedelta(minutes=5)


class Broken(Tiers):
    """Fails at the second batch, in the preview too when it is told so."""

    kind = "test-broken"
    fails: BaseException | None = None
    calls = 0

    def write(self, rows):
        result = super().write(rows)
        if Broken.fails is not None and rows[0]["code"] == "bronze":
            raise Broken.fails
        return result


@pytest.fixture(autouse=True)
def _broken():
    core_hooks.importers.register(Broken.kind, Broken)
    Broken.fails = None
    yield
    core_hooks.importers.unregister(Broken.kind)


def upload(user, kind="test-broken", data=GOOD):
    return services.upload(viewer=viewer_of(user), kind=kind, file=ContentFile(data), name="tiers.csv")


def apply(user, job):
    return services.apply(viewer=viewer_of(user), job=job)


def counts(job, rf):
    told = describe(job, rf.get(f"/api/v1/imports/{job.pk}/"))
    return [told[name] for name in ("created", "changed", "unchanged", "progress")]


@pytest.mark.parametrize("error", [RuntimeError("a bug"), KeyError("Unspecified"), MemoryError()])
def test_any_exception_ends_the_import_with_a_message(olga, rf, error, caplog):
    job = upload(olga)
    Broken.fails = error
    job = apply(olga, job)
    job.refresh_from_db()
    assert (job.state, job.lease, job.leased_until) == ("failed", "", None)
    assert f"import {job.pk}" in job.message and "Nothing was imported" in job.message
    assert not Tier.objects.exists()
    assert counts(job, rf) == [0, 0, 0, 0]
    assert any(record.exc_info for record in caplog.records)
    assert apply_again(olga, job) == "not_checked"


def apply_again(user, job):
    with pytest.raises(core.Conflict) as refusal:
        apply(user, job)
    return refusal.value.problem.code


def test_an_exception_in_the_preview_too(olga):
    Broken.fails = RuntimeError("a bug")
    job = upload(olga)
    assert job.state == "failed"
    with time_machine.travel(timezone.now() + LATER):
        assert dispatch() == 1
    job.refresh_from_db()
    assert job.state == "failed"


class Killed(BaseException):
    """As if the process ended: nothing of ours runs after it."""


def interrupted(user):
    job = upload(user)
    Broken.fails = Killed()
    with pytest.raises(Killed):
        apply(user, job)
    Broken.fails = None
    job.refresh_from_db()
    assert job.state == "running"
    return job


def test_an_interrupted_import_is_continued_by_the_dispatcher(olga, rf):
    job = interrupted(olga)
    assert counts(job, rf) == [0, 0, 0, 2]
    assert dispatch() == 0
    with time_machine.travel(timezone.now() + LATER):
        while dispatch():
            pass
    job.refresh_from_db()
    assert (job.state, job.created_count, Tier.objects.count()) == ("done", 3, 3)
    assert set(Delivery.objects.values_list("state", flat=True)) == {"done"}


def test_or_by_a_person(olga):
    job = interrupted(olga)
    assert not leases.is_interrupted(job)
    assert apply(olga, job).state == "running"
    with time_machine.travel(timezone.now() + LATER):
        assert leases.is_interrupted(job)
        assert apply(olga, job).state == "done"
    assert Tier.objects.count() == 3


def test_an_interrupted_import_can_be_discarded_but_a_running_one_cannot(olga):
    job = interrupted(olga)
    with pytest.raises(core.Conflict) as refusal:
        services.discard(viewer=viewer_of(olga), job=job)
    assert refusal.value.problem.code == "import_running"
    with time_machine.travel(timezone.now() + LATER):
        assert services.discard(viewer=viewer_of(olga), job=job).state == "discarded"
        while dispatch():
            pass
    job.refresh_from_db()
    assert (job.state, Tier.objects.count()) == ("discarded", 0)
    assert core.history(job)[0].action == "qudao.import.discarded"


def test_what_is_over_cannot_be_discarded(olga):
    job = apply(olga, upload(olga))
    with pytest.raises(core.Conflict) as refusal:
        services.discard(viewer=viewer_of(olga), job=job)
    assert refusal.value.problem.code == "import_finished"


def test_only_one_takes_an_interrupted_import_over(olga):
    job = interrupted(olga)
    other = ImportJob.objects.get(pk=job.pk)
    with time_machine.travel(timezone.now() + LATER):
        assert leases.take(job, "running")
        assert not leases.take(other, "running")
        assert services.perform(job=other).state == "running"
        assert services.perform(job=job).state == "done"


def test_a_dispatcher_waits_while_somebody_else_is_at_it(olga):
    job = interrupted(olga)
    with time_machine.travel(timezone.now() + LATER):
        assert leases.take(job, "running")
        assert (dispatch(), dispatch()) == (1, 1)
        row = Delivery.objects.filter(event__topic="import.apply").get()
    assert (row.state, row.attempts) == ("waiting", 0)
    assert row.available_at >= job.leased_until


def test_the_page_says_so_and_offers_both_ways(olga, client):
    job = interrupted(olga)
    olga.is_superuser = True
    olga.save()
    address = reverse("qudao_imports:job", args=[job.pk])
    with time_machine.travel(timezone.now() + LATER):
        client.force_login(olga)
        page = client.get(address).content.decode()
        assert "interrupted" in page and 'name="resume"' in page and 'name="discard"' in page
        client.post(address, {"resume": "1"})
    job.refresh_from_db()
    assert job.state == "done"


def test_through_the_api(olga, client):
    job = interrupted(olga)
    with time_machine.travel(timezone.now() + LATER):
        client.force_login(olga)
        told = client.get(f"/api/v1/imports/{job.pk}/").json()
        assert (told["state"], told["interrupted"]) == ("running", True)
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        assert (
            client.post(f"/api/v1/imports/{job.pk}/discard/", headers=headers).json()["state"] == "discarded"
        )
        headers = {"Idempotency-Key": uuid.uuid4().hex}
        assert (
            client.post(f"/api/v1/imports/{job.pk}/resume/", headers=headers).json()["state"] == "discarded"
        )


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("when", "state"), [("check", "uploaded"), ("apply", "running")])
def test_kill_nine_during_a_small_import(when, state):
    script = Path(__file__).with_name("crashing.py")
    paths = [str(Path(__file__).parents[3]), *filter(None, sys.path)]
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "qudao_site.settings",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    done = subprocess.run([sys.executable, "-W", "ignore", str(script), when], env=environment, check=False)
    assert done.returncode == -signal.SIGKILL
    job = ImportJob.objects.get()
    assert (job.state, Tier.objects.filter(code="gold").exists()) == (state, False)
    with time_machine.travel(timezone.now() + LATER):
        assert leases.is_interrupted(job)
        while dispatch():
            pass
    job.refresh_from_db()
    assert job.state == ("checked" if when == "check" else "done")


def test_what_is_being_worked_on_or_over_is_not_begun_again(olga):
    running = interrupted(olga)
    assert services.resume(viewer=viewer_of(olga), job=running, wait=True).state == "running"
    assert Tier.objects.count() == 0
    with time_machine.travel(timezone.now() + LATER):
        assert services.resume(viewer=viewer_of(olga), job=running, wait=True).state == "done"
        Tier.objects.all().delete()
        assert services.resume(viewer=viewer_of(olga), job=running, wait=True).state == "done"
    assert Tier.objects.count() == 0
