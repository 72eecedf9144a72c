"""The environment of a test run, set before anything reads a setting (a pytest plugin).

Every run has a folder of its own, short enough for sockets, and is quick to sweep.
"""

import atexit
import os
import shutil
import tempfile

VAR = tempfile.mkdtemp(prefix="choir-test-")
atexit.register(shutil.rmtree, VAR, ignore_errors=True)

os.environ.update(
    CHOIR_VAR=VAR,
    SWEEP_EVERY_S="2",
    WORK_LEASE_S="4",
    RATE_UPLOADS="100000/min",
    RATE_CONSENTS="100000/min",
    RATE_RECOVERIES="100000/min",
    RATE_REPORTS="100000/min",
    RATE_DOWNLOADS="100000/min",
    # One address for all people of a run. A second, as each request reads the times of them all.
    RATE_UPLOADS_ADDRESS="100000/s",
    RATE_CONSENTS_ADDRESS="100000/s",
    RATE_RECOVERIES_ADDRESS="100000/s",
    RATE_REPORTS_ADDRESS="100000/s",
    RATE_DOWNLOADS_ADDRESS="100000/s",
    RATE_TAKEOUTS_ADDRESS="100000/s",
    # Playwright keeps an event loop in the thread of the tests, which use the ORM themselves.
    DJANGO_ALLOW_ASYNC_UNSAFE="true",
)
for name in ("DATABASE_URL", "REDIS_URL", "STORAGE_URL", "SITE_URL"):
    os.environ.pop(name, None)
