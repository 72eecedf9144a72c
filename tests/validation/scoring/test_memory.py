"""A worker's process stays small, whatever it hears."""

from bench.prescore.memory import held_mb
from config.speech_models import MEMORY_MB

MUST_MB = 330


def test_a_process_that_heard_the_longest_clip_is_below_its_bound() -> None:
    assert max(held_mb()) < MUST_MB < MEMORY_MB
