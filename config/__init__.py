"""Wiring only: settings, the task queue, the pipeline, addresses, and how it all starts."""

import os

# Before numpy is imported: the more threads of a matrix product wait for one another, the more
# processor time it takes, four times as much for a spectrogram. Processes scale better.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

# Imported with Django, so that ``shared_task`` finds its broker in every process.
from config.celery import app as celery_app

__all__ = ["celery_app"]
