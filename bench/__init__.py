"""Benches: ours and the peer in one run. Compare within a run only; machines differ."""

import os

# As ``config`` has it for the site: one thread for matrix products.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
