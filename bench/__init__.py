"""Benches: ours and the peer in one run. Compare within a run only; machines differ."""
