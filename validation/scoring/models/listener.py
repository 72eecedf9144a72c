"""What every model offers that can hear a clip, and the one that comes with Choir."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Protocol

from collector.audio.speech import Speech
from validation.scoring.moonshine import load
from validation.scoring.score import EVEN_ODDS, Kind, Score, calibration, score
from validation.scoring.sound import Samples
from validation.scoring.weights import MODEL_NAME, MODEL_SHA256


class Method(StrEnum):
    """How a match was told."""

    FORCED_LIKELIHOOD = "forced-likelihood"
    """The likelihood of the prompt, forced through the model, against what else may be said."""
    EDIT_DISTANCE = "edit-distance"
    """A transcript compared with the prompt: coarser, and all that some models offer."""


class Listener(Protocol):
    """A model that hears clips of one language or more. One of each in a process is enough."""

    @property
    def name(self) -> str:
        """What people call the model."""

    @property
    def sha256(self) -> str:
        """What tells its weights from all others."""

    @property
    def method(self) -> Method:
        """How its match is told."""

    @property
    def calibration(self) -> str:
        """Which coefficients make its match."""

    def warm_up(self) -> None:
        """Load what the first clip would have to wait for."""

    def score(
        self,
        samples: Samples,
        prompt: str,
        kind: Kind,
        competitors: Sequence[str] = (),
        *,
        speech: Speech | None = None,
        prior: float = EVEN_ODDS,
        transcribe: bool = False,
    ) -> Score:
        """Score one clip, (n,) at 16 kHz, int16 or float32; see ``validation.scoring.score``.

        ``transcribe``: tell what the model hears also where the prompt was clearly said.
        """


class MoonshineListener:
    """Moonshine tiny, English: the model that comes with Choir. Its weights load when needed."""

    name = MODEL_NAME
    sha256 = MODEL_SHA256
    method = Method.FORCED_LIKELIHOOD

    @property
    def calibration(self) -> str:
        """See Listener."""
        return str(calibration().version)

    def warm_up(self) -> None:
        """See Listener."""
        load()

    def score(
        self,
        samples: Samples,
        prompt: str,
        kind: Kind,
        competitors: Sequence[str] = (),
        *,
        speech: Speech | None = None,
        prior: float = EVEN_ODDS,
        transcribe: bool = False,
    ) -> Score:
        """See Listener."""
        return score(
            load(),
            samples,
            prompt,
            kind,
            competitors,
            speech=speech,
            prior=prior,
            transcribe=transcribe,
        )
