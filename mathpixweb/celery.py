"""The Celery application: `celery -A mathpixweb.celery worker`."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mathpixweb.settings")

app = Celery("mathpixweb")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
