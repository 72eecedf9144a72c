"""Which model hears a clip, by whose coefficients, and what it makes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings

from collector.audio.master import read_master
from collector.models import Campaign, Clip, PromptKind
from validation import scoring, selectors
from validation.models import CampaignCalibration
from validation.scoring.models import Listener, Method, listener_for

_KINDS: dict[str, scoring.Kind] = {
    PromptKind.KEYWORD: "keyword",
    PromptKind.SENTENCE: "sentence",
    PromptKind.NOISE: "noise",
}


@dataclass(frozen=True)
class Ear:
    """A model and the coefficients that weigh what it hears, for one campaign."""

    listener: Listener
    learned: CampaignCalibration | None
    """What the campaign's verdicts taught; None where the shipped coefficients serve."""

    @property
    def calibration(self) -> str:
        """Names the coefficients, so that a score says which ones made it."""
        shipped = self.listener.calibration
        return shipped if self.learned is None else f"{shipped}/{self.learned.pk}"

    def hear(self, clip: Clip, flac: bytes) -> Opinion:
        """Let the model hear a clip's master (FLAC)."""
        prompt = clip.prompt
        score = self.listener.score(
            read_master(flac),
            prompt.text if prompt else "",
            _KINDS[prompt.kind] if prompt else "sentence",
            selectors.competing_keywords(prompt) if prompt else (),
        )
        if self.learned is not None and score.match is not None:
            match = self.learned.match(score, str(clip.prompt_id or ""))
            score = replace(score, match=match)
        return Opinion(score, self.listener.method, self.calibration)


@dataclass(frozen=True)
class Opinion:
    """A score, how it was told, and by which coefficients."""

    score: scoring.Score
    method: Method
    calibration: str


def ear_of(campaign: Campaign, model_folder: Path | None = None) -> Ear | None:
    """What hears a campaign's clips; None where no model knows its language.

    ``model_folder``: hear with this `onnx-asr` folder, whatever the settings name. Raises
    ModelFolderError where a folder cannot be used.
    """
    folders = settings.SPEECH_MODELS
    if model_folder is not None:
        folders = {campaign.language: model_folder}
    listener = listener_for(campaign.language, folders)
    if listener is None:
        return None
    return Ear(listener, CampaignCalibration.in_force(campaign, listener.sha256))
