"""Publishing's background work. A message is a nudge: the rows say what is to be done."""

from __future__ import annotations

from celery import shared_task

from corpus import services


@shared_task(name="corpus.complete")
def complete(clip_id: str = "") -> None:
    """Complete the withdrawals that wait for nothing more; ``clip_id`` is one just erased."""
    services.complete_withdrawals()


@shared_task(name="corpus.count_figures")
def count_figures() -> None:
    """Count what the pages of large releases wait for."""
    services.count_figures()


@shared_task(name="corpus.sweep")
def sweep() -> None:
    """Come back to whatever a lost message left incomplete."""
    services.complete_withdrawals()
    services.count_figures()


@shared_task(name="corpus.publish_revocations")
def publish_revocations(_clip_id: str = "") -> None:
    """Make the next list of what was taken back, if one is due."""
    services.publish_revocations()
