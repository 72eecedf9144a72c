"""Wiring only: settings, the task queue, the pipeline, addresses, and how it all starts."""

# Imported with Django, so that ``shared_task`` finds its broker in every process.
from config.celery import app as celery_app

__all__ = ["celery_app"]
