"""A stock Oscar shop with its own basket, search and checkout, that adds the dealer channel beside them."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "oscar_host.settings")
    execute_from_command_line(sys.argv)
