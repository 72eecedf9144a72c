"""Handing out clips to 64 reviewers at once."""
