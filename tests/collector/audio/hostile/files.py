"""What a file of the corpus is, and what must become of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from collector.audio.problems import Problem

NO_TOLERANCE = 0


@dataclass(frozen=True)
class Sound:
    """A file that is odd, but good: this many samples (give or take), at this rate."""

    num_samples: int
    sampling_rate_hz: int = 16_000
    channels: int = 1
    tolerance_samples: int = 0


@dataclass(frozen=True)
class HostileFile:
    """``expected`` is the reason for which it is refused, or the sound that it gives.

    None stands for random damage only, where any verdict but a crash will do.
    """

    family: str
    name: str
    make: Callable[[], bytes]
    expected: Problem | Sound | None

    @property
    def path(self) -> str:
        """Where it goes in a folder; unique in the corpus."""
        return f"{self.family}/{self.name}"

    def __str__(self) -> str:
        return self.path


@dataclass(frozen=True)
class Bait:
    """What references in hostile files point at: a file, and a port on this machine."""

    file: Path
    port: int

    @property
    def file_url(self) -> str:
        """The file as a URL."""
        return self.file.as_uri()

    @property
    def http_url(self) -> str:
        """An address at which somebody may be listening."""
        return f"http://127.0.0.1:{self.port}/clip.wav"


NO_BAIT = Bait(Path("/etc/hostname"), 9)


def family(
    name: str, cases: dict[str, tuple[Callable[[], bytes], Problem | Sound | None]]
) -> Iterator[HostileFile]:
    """The files of a table ``{file name: (maker, expected)}``."""
    for filename, (make, expected) in cases.items():
        yield HostileFile(name, filename, make, expected)
