"""`make bench-prescore`: what the pre-score is worth and what it costs, on real speech."""
