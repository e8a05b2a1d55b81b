"""WSGI entry point: ``gunicorn qudao_site.wsgi``."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "qudao_site.settings")

gc.disable()  # what is loaded here stays: looking through it for garbage takes a quarter of the start
application = get_wsgi_application()
gc.enable()
