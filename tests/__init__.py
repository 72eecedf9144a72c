"""Tests. Shared audio lies in audio/, shared people in conftest.py."""
