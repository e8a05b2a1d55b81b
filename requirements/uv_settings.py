"""Print pip's configuration as variables of uv, for the shell: packages come from where pip would fetch them.

What uv is told already, by variables of its own, stays. An option that uv does not know is left out; if nothing can be
installed without it, pip does the work.
"""

import ast
import os
import shlex
import subprocess
import sys
from collections.abc import Iterable

#: Option of pip → variable of uv, and what divides several values.
VARIABLES = {
    "index-url": ("UV_DEFAULT_INDEX", " "),
    "extra-index-url": ("UV_INDEX", " "),
    "find-links": ("UV_FIND_LINKS", ","),
    "no-index": ("UV_NO_INDEX", " "),
    "trusted-host": ("UV_INSECURE_HOST", " "),
    "timeout": ("UV_HTTP_TIMEOUT", " "),
    "default-timeout": ("UV_HTTP_TIMEOUT", " "),
    "cert": ("SSL_CERT_FILE", " "),
    "client-cert": ("SSL_CLIENT_CERT", " "),
    "proxy": ("ALL_PROXY", " "),
}
#: Of pip's sections, the later one wins.
SECTIONS = ("global", "install", ":env:")


def settings(configuration: Iterable[str]) -> dict[str, str]:
    """From the lines of `pip config list`: ``global.index-url='https://…'``."""
    values: dict[str, str] = {}
    lines = [line.strip().partition("=") for line in configuration if "=" in line]
    for section in SECTIONS:
        for name, _equals, quoted in lines:
            variable, divider = VARIABLES.get(name.removeprefix(f"{section}."), ("", ""))
            if variable and name.startswith(f"{section}."):
                values[variable] = divider.join(str(ast.literal_eval(quoted)).split())
    if values.get("UV_NO_INDEX", "").lower() in {"0", "no", "off", "false", "n", "f"}:
        del values["UV_NO_INDEX"]
    # pip looks into every index; with a hash for every file that is safe.
    return values | {"UV_INDEX_STRATEGY": "unsafe-best-match"}


if __name__ == "__main__":
    command = [sys.executable, "-m", "pip", "config", "list"]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    for name, value in settings(said.splitlines()).items():
        if name not in os.environ:
            print(f"export {name}={shlex.quote(value)}")
