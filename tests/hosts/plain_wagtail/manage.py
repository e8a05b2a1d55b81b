"""A Wagtail site that has never heard of Qudao's shop, and adds the portal to itself."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "plain_host.settings")
    execute_from_command_line(sys.argv)
