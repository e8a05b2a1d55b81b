#!/usr/bin/env python
"""Django's command line for the reference site."""

import gc
import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qudao_site.settings")
    # Starting, and building the models anew for each migration, makes many objects and little garbage: looking for it
    # less often saves a quarter of the time.
    gc.set_threshold(100_000, 10, 10)
    execute_from_command_line(sys.argv)
