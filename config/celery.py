"""The task queue and its timetable."""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_ready
from celery.utils.log import get_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("choir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["collector", "validation", "corpus"])
app.set_default()


@worker_ready.connect
def _say_which_jail(**_: object) -> None:
    from collector.audio.jails import describe_jail

    get_logger(__name__).info("Recordings are decoded in a jail: %s", describe_jail())


@app.on_after_configure.connect
def _timetable(sender: Celery, **_: object) -> None:
    from django.conf import settings

    # A sweep that nobody ran in time is worthless: the next one does the same.
    every_s = settings.SWEEP_EVERY_S
    for name in ("collector.sweep", "validation.sweep"):
        sender.add_periodic_task(every_s, sender.signature(name), name=name, expires=every_s)
    nightly = crontab(hour=3, minute=0)
    sender.add_periodic_task(nightly, sender.signature("collector.erase_orphans"), name="orphans")
    sender.add_periodic_task(nightly, sender.signature("collector.recount"), name="recount")
