"""`./qudao messages`: collect translatable texts into the catalogues and compile them.

For each package: texts out of Python and templates (Django's `makemessages`, which needs gettext's programs), merged
into `locale/<language>/LC_MESSAGES/django.po`, compiled to `django.mo` with polib. The compiled files are kept in the
repository, so that a checkout and the wheel need no gettext.
"""

import os
import subprocess
import sys
from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent.parent
LANGUAGES = ("zh_Hans",)


def packages() -> list[Path]:
    """The packages that carry a catalogue of their own."""
    return sorted(path.parent for path in ROOT.glob("*/qudao_*/__init__.py"))


def catalogues() -> list[Path]:
    return [path for package in packages() for path in sorted(package.glob("locale/*/LC_MESSAGES/*.po"))]


def collect(package: Path) -> None:
    """Bring the package's catalogues up to date with its texts; new texts come in empty, changed ones fuzzy."""
    for language in LANGUAGES:
        (package / "locale" / language / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    command = [
        sys.executable,
        "-P",  # names of our packages are no names of Python's
        "-m",
        "django",
        "makemessages",
        "--no-wrap",
        "--no-obsolete",
        "--add-location=file",
    ]
    for language in LANGUAGES:
        command += ["--locale", language]
    for ignored in ("static/*", "migrations/*"):
        command += ["--ignore", ignored]
    environment = {key: value for key, value in os.environ.items() if key != "DJANGO_SETTINGS_MODULE"}
    subprocess.run(command, cwd=package, env=environment, check=True)
    for path in sorted(package.glob("locale/*/LC_MESSAGES/*.po")):
        _settle(path)


def _settle(path: Path) -> None:
    """Keep only what says something: no dates that change with every run, texts in order."""
    catalogue = polib.pofile(str(path), wrapwidth=0)
    language = path.parent.parent.name
    catalogue.header = ""
    catalogue.metadata = {
        "Project-Id-Version": "qudao",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    catalogue.sort(key=lambda entry: (entry.msgid, entry.msgctxt or ""))
    catalogue.save(str(path))


def compile_all() -> None:
    for path in catalogues():
        polib.pofile(str(path)).save_as_mofile(str(path.with_suffix(".mo")))


def main() -> int:
    for package in packages():
        collect(package)
    compile_all()
    for path in catalogues():
        catalogue = polib.pofile(str(path))
        missing = len(catalogue.untranslated_entries()) + len(catalogue.fuzzy_entries())
        print(f"  {path.relative_to(ROOT)}: {len(catalogue)} texts, {missing} to translate")
    return 0


if __name__ == "__main__":
    sys.exit(main())
