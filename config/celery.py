"""The task queue and its timetable."""

from __future__ import annotations

import os
from collections.abc import Iterable

from celery import Celery
from celery.schedules import crontab
from celery.signals import worker_process_init, worker_ready
from celery.utils.log import get_logger

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


class InOrder:
    """The order in which a worker looks into the queues: always that of the settings.

    Kombu's own ``priority`` keeps an order too, but the transport hands it the queues as a set,
    in another order with every start.
    """

    def __init__(self, names: Iterable[str] = ()) -> None:
        self.names = list(names)

    def update(self, names: Iterable[str]) -> None:
        """These are the queues from now on."""
        self.names = list(names)

    def consume(self, n: int) -> list[str]:
        """The first ``n`` queues."""
        from django.conf import settings

        order = [queue.name for queue in settings.CELERY_TASK_QUEUES]
        known = [name for name in order if name in self.names]
        return (known + [name for name in self.names if name not in order])[:n]

    def rotate(self, last_used: str) -> None:
        """Nothing turns: a queue that was served stays where it is."""


app = Celery("choir")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["collector", "validation", "corpus"])
app.set_default()


@worker_ready.connect
def _say_which_jail(**_: object) -> None:
    from collector.audio.jails import describe_jail

    get_logger(__name__).info("Recordings are decoded in a jail: %s", describe_jail())


@worker_process_init.connect
def _load_models(**_: object) -> None:
    """Each process loads its models before its first clip, whose speaker would wait for them."""
    from validation.hearing import warm_up

    try:
        warm_up()
    except Exception:  # then the first clip loads them, or says why it cannot
        get_logger(__name__).exception("The speech models are not loaded ahead.")


@app.on_after_configure.connect
def _timetable(sender: Celery, **_: object) -> None:
    from django.conf import settings

    # A sweep that nobody ran in time is worthless: the next one does the same.
    every_s = settings.SWEEP_EVERY_S
    for name in ("collector.sweep", "validation.sweep", "corpus.sweep"):
        sender.add_periodic_task(every_s, sender.signature(name), name=name, expires=every_s)
    # Often enough that what is taken back is on a signed list within a minute; and in a queue of
    # its own, or it would stand behind the erasing of all that was taken back before it.
    often_s, name = min(every_s, 15), "corpus.publish_revocations"
    sender.add_periodic_task(often_s, sender.signature(name), name=name, expires=often_s)
    nightly = crontab(hour=3, minute=0)
    sender.add_periodic_task(nightly, sender.signature("collector.erase_orphans"), name="orphans")
    sender.add_periodic_task(nightly, sender.signature("collector.recount"), name="recount")
    sender.add_periodic_task(nightly, sender.signature("collector.tend_site_keys"), name="keys")
    sender.add_periodic_task(nightly, sender.signature("collector.settle_inactive"), name="settle")
    later = crontab(hour=3, minute=30)
    sender.add_periodic_task(later, sender.signature("validation.recalibrate_all"), name="learn")
    sender.add_periodic_task(nightly, sender.signature("validation.rate_all"), name="rate")
