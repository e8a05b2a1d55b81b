"""The same import from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command
from qudao_core import api as core
from qudao_core.imports.models import ImportJob
from qudao_partner_portal.companies.models import Tier

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "tiers.csv"
    path.write_text("code,name,rank\ngold,Gold,1\nsilver,Silver,two\n", encoding="utf-8")
    return path


def call(*arguments, **options):
    out, err = io.StringIO(), io.StringIO()
    call_command("import_file", *map(str, arguments), stdout=out, stderr=err, **options)
    return out.getvalue(), err.getvalue()


def test_check_only_reports(file):
    out, err = call("test-tiers", file, check=True)
    assert "1 created, 0 changed, 0 unchanged, 1 rejected" in out
    assert "line 3 [rank]:" in err
    assert not Tier.objects.exists()


def test_rejected_rows_stop_the_import_unless_told_otherwise(file, tmp_path, olga):
    _out, err = call("test-tiers", file)
    assert "Nothing was imported" in err
    assert not Tier.objects.exists()
    rejected = tmp_path / "rejected.csv"
    out, _err = call("test-tiers", file, "--skip-rejected", "--rejected", rejected, "--as", olga.email)
    assert out.startswith("Done: 2 rows")
    assert Tier.objects.get().code == "gold"
    assert "silver,Silver,two,3" in rejected.read_text(encoding="utf-8-sig")
    assert core.history(ImportJob.objects.first())[0].actor_name == "Olga Office"


def test_options_are_passed_on(file):
    call("test-tiers", file, "--skip-rejected", "--option", "prefix=x-")
    assert Tier.objects.get().code == "x-gold"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing"], "Kinds: .*test-tiers"),
        (["test-tiers", "--as", "nobody@example.com"], "Nobody signs in"),
        (["test-tiers", "--option", "prefix"], "NAME=VALUE"),
        (["test-tiers", "--option", "mode=x"], "not possible"),
    ],
)
def test_wrong_calls_say_what_is_wrong(file, arguments, says):
    with pytest.raises(CommandError, match=says):
        call(arguments[0], file, *arguments[1:])


def test_a_missing_or_wrong_file(tmp_path):
    with pytest.raises(CommandError, match="no file"):
        call("test-tiers", tmp_path / "none.csv")
    (tmp_path / "bad.csv").write_text("a,b\n1,2\n")
    with pytest.raises(CommandError, match="line 1: .*missing: Code, Name"):
        call("test-tiers", tmp_path / "bad.csv")
