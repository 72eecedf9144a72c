"""Measuring clips anew, when the program measures otherwise than it did."""

from __future__ import annotations

import uuid

from django.db.models import Q, QuerySet

from collector.audio.examine import VERSION, measure_master
from collector.audio.master import read_master
from collector.models import Campaign, Clip, ClipStatus
from collector.storage import audio_store, master_key


def measured_otherwise(campaign: Campaign) -> QuerySet[Clip]:
    """The clips of a campaign whose masters were measured by another version of the program."""
    never = Q(
        measurements__measuring_version__isnull=True
    )  # equals no number, and differs from none
    other = never | ~Q(measurements__measuring_version=VERSION)
    clips = Clip.objects.filter(participation__campaign=campaign, status=ClipStatus.TRANSCODED)
    return clips.filter(other).order_by("pk")


def remeasure_clip(clip_id: uuid.UUID) -> bool:
    """Measure a clip's master anew; True when this call did.

    What was measured of the original stays as it was, for few originals are kept; so does the
    loudest second, by whose hash released copies are known. Raises what the storage raises.
    """
    clip = Clip.objects.filter(pk=clip_id, status=ClipStatus.TRANSCODED).first()
    if clip is None:
        return False
    steps = read_master(audio_store().get(master_key(clip.pk, clip.master_sha256)))
    measured = {**clip.measurements, **measure_master(steps)}
    same = Clip.objects.filter(pk=clip_id, status=ClipStatus.TRANSCODED)
    return same.update(measurements=measured) == 1
