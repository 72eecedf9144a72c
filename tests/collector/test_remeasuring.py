"""Clips are measured anew after a change of the program, without losing what cannot be."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from collector.models import Campaign, Clip
from collector.services import measured_otherwise, transcode_clip
from collector.storage import audio_store, master_key
from tests.people import Person


def remeasure(campaign: Campaign) -> str:
    """What the command says."""
    out = StringIO()
    call_command("remeasure", "--campaign", campaign.slug, stdout=out)
    return out.getvalue()


def measured(speaker: Person, campaign: Campaign, text: str) -> Clip:
    clip = speaker.lend(campaign, text)
    transcode_clip(clip.pk)
    return Clip.objects.get(pk=clip.pk)


def test_what_an_older_version_measured_is_measured_anew(speaker: Person, campaign: Campaign):
    old, new = measured(speaker, campaign, "yes"), measured(speaker, campaign, "no")
    assert not measured_otherwise(campaign).exists()
    truth = old.measurements
    kept = {name: truth[name] for name in truth if name not in ("snr_db", "measuring_version")}
    Clip.objects.filter(pk=old.pk).update(measurements=kept | {"snr_db": -1, "codec": "odd"})
    assert remeasure(campaign) == "1 clips measured.\n"
    old.refresh_from_db()
    assert old.measurements == truth | {"codec": "odd"}, "the original can be gone: its part stays"
    assert Clip.objects.get(pk=new.pk).measurements == new.measurements
    assert remeasure(campaign) == "0 clips measured.\n"


def test_a_lost_master_costs_no_other_clip(speaker: Person, campaign: Campaign):
    lost, found = measured(speaker, campaign, "yes"), measured(speaker, campaign, "no")
    Clip.objects.update(measurements={})
    audio_store().delete(master_key(lost.pk, lost.master_sha256))
    with pytest.raises(CommandError, match="1 clips could not be measured"):
        remeasure(campaign)
    assert list(measured_otherwise(campaign)) == [lost]
    assert Clip.objects.get(pk=found.pk).measurements["snr_db"] == found.measurements["snr_db"]
