"""The corpus's background work."""

from __future__ import annotations

from celery import shared_task

from corpus import services


@shared_task(name="corpus.complete")
def complete(clip_id: str = "") -> None:
    """Complete the withdrawals that wait for nothing more; ``clip_id`` is one just erased."""
    services.complete_withdrawals()


@shared_task(name="corpus.sweep")
def sweep() -> None:
    """Come back to whatever a lost message left incomplete."""
    services.complete_withdrawals()
