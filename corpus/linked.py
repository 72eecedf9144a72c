"""Reads about linked devices: what they sent, and for which campaigns one can be linked."""

from __future__ import annotations

from typing import TypedDict

from django.db.models import Count, QuerySet

from collector.access import Actor, own_devices, visible_campaigns
from collector.models import Campaign, CampaignStatus, Clip, LinkedDevice
from collector.models.clip import GONE
from collector.selectors import has_consented


def clips_of_device(device: LinkedDevice) -> QuerySet[Clip]:
    """What the device has sent and its person still lends."""
    sent = Clip.objects.filter(participation=device.participation_id)
    return sent.filter(capture__device=str(device.pk)).exclude(status__in=GONE)


class Sender(TypedDict):
    """A device, and how many clips of it are still lent."""

    device: LinkedDevice
    clips: int


def devices_of(actor: Actor) -> list[Sender]:
    """The actor's devices, those whose link stands first, each of them newest first."""
    devices = own_devices(actor).select_related("participation__campaign", "participation__speaker")
    ordered = sorted(devices.order_by("-linked_at"), key=lambda each: each.revoked_at is not None)
    parts = {device.participation_id for device in ordered}
    sent = Clip.objects.filter(participation__in=parts, capture__has_key="device")
    present = sent.exclude(status__in=GONE).order_by()
    counts = dict(present.values_list("capture__device").annotate(n=Count("pk")))
    return [Sender(device=each, clips=counts.get(str(each.pk), 0)) for each in ordered]


def campaigns_for_devices(actor: Actor) -> tuple[QuerySet[Campaign], list[Campaign]]:
    """The campaigns that take recordings from devices: where the speaker has agreed, and the rest.

    Only for the first can a device be linked; the others' text has to be agreed to before.
    """
    taking = visible_campaigns(actor).filter(status=CampaignStatus.OPEN, accepts_devices=True)
    agreed = [each.pk for each in taking if has_consented(actor.speaker, each)]
    others = taking.exclude(pk__in=agreed).order_by("name")
    return Campaign.objects.filter(pk__in=agreed).order_by("name"), list(others)
