"""The WSGI application that `lamplit serve` runs."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from lamplit.record.process import end_with

if (parent := os.environ.get("LAMPLIT_SERVED_BY")) and int(parent) != os.getpid():
    end_with(int(parent))  # a worker alone would go on holding the port
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lamplit.config.settings")
_pages = get_wsgi_application()
from lamplit.config import place  # noqa: E402 - Django is set up first
from lamplit.config.status.served import Served  # noqa: E402 - the same

application = Served(_pages, place.status_files())

# What was loaded stays for as long as the process: the collector need not go through it again with every page.
gc.freeze()
gc.set_threshold(10_000, 10, 10)
