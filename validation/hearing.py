"""Which model hears a clip, by whose coefficients, and what it makes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import Q

from collector.audio.master import MASTER_RATE_HZ, read_master
from collector.audio.speech import Span, Speech
from collector.models import Campaign, CampaignStatus, Clip, PromptKind
from validation import scoring, selectors
from validation.models import CampaignCalibration
from validation.scoring.models import Listener, Method, listener_for
from validation.scoring.score import EVEN_ODDS, model_for

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
        kind = _KINDS[prompt.kind] if prompt else "sentence"
        score = self.listener.score(
            read_master(flac),
            prompt.text if prompt else "",
            kind,
            selectors.competing_keywords(prompt) if prompt else (),
            speech=speech_measured(clip.measurements),
            prior=self._prior,
        )
        # Only features that were weighed can be weighed again: not those of a gate.
        weighed = score.log_likelihood is not None
        layer = model_for(kind, score.features) if weighed else ""
        return self._weighed_anew(
            Opinion(score, layer, self.listener.method, self.calibration), clip
        )

    def _weighed_anew(self, opinion: Opinion, clip: Clip) -> Opinion:
        learned = None if self.learned is None else self.learned.recalibration
        if learned is None or not opinion.layer:
            return opinion
        prompt = str(clip.prompt_id or "")
        heard = opinion.layer, opinion.score.features, prompt
        match, evidence = learned.match(*heard), learned.evidence(*heard)
        return replace(opinion, score=replace(opinion.score, match=match, evidence=evidence))

    @property
    def _prior(self) -> float:
        """The campaign's share of right clips, as far as its verdicts tell."""
        learned = None if self.learned is None else self.learned.recalibration
        return EVEN_ODDS if learned is None else learned.prior


@dataclass(frozen=True)
class Opinion:
    """A score, which layer of the coefficients made it, how, and by which coefficients."""

    score: scoring.Score
    layer: str
    method: Method
    calibration: str


def speech_measured(measurements: Mapping[str, Any]) -> Speech | None:
    """Where somebody speaks, as it was found when the clip was measured; None if it was not.

    To find it again would cost a score a twentieth more.
    """
    spans = measurements.get("speech_spans_s")
    if spans is None:
        return None
    samples = [[round(at_s * MASTER_RATE_HZ) for at_s in span] for span in spans]
    probability_max = float(measurements.get("speech_probability_max", 0.0))
    return Speech(tuple(Span(start, end) for start, end in samples), probability_max)


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
    learned = CampaignCalibration.in_force(campaign, listener.sha256, listener.calibration)
    return Ear(listener, learned)


def shipped_of(calibration: str) -> str:
    """The version of the shipped coefficients in a score's ``calibration``: ``5`` of ``5/12``."""
    return calibration.partition("/")[0]


def weighed_by(listener: Listener) -> Q:
    """Which scores hold the features that a listener's coefficients weigh: of this model, with
    this version of the coefficients, be it as shipped or as a campaign has refitted it.
    """
    version = listener.calibration
    refitted = Q(calibration__startswith=f"{version}/")
    return ~Q(layer="") & Q(model_sha256=listener.sha256) & (Q(calibration=version) | refitted)


def warm_up() -> None:
    """Load the models of all open campaigns into this process."""
    languages = Campaign.objects.filter(status=CampaignStatus.OPEN).values_list("language")
    for (language,) in languages.distinct():
        listener = listener_for(language, settings.SPEECH_MODELS)
        if listener is not None:
            listener.warm_up()
