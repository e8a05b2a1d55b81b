"""The site's settings with an app whose migrations the snapshot does not hold."""

from qudao_site.settings import *  # noqa: F403 - settings
from qudao_site.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.site.snapshot.later"]
