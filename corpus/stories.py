"""Where is this clip? Answered from its Clip, its ReviewCase and its ReleaseEntries together."""

from __future__ import annotations

from django.db import models
from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext_lazy as _

from collector.access import Actor, own_clips
from collector.models import Clip, ClipStatus
from corpus.models import ReleaseEntry
from validation.models import CaseStatus, PreScore


class State(models.TextChoices):
    """What became of a clip, in its speaker's words."""

    RECEIVED = "received", _("Arrived safely. It waits to be prepared.")
    SCORING = "scoring", _("Measured. The machine is about to listen.")
    IN_REVIEW = "in_review", _("Waiting for people to listen.")
    ACCEPTED = "accepted", _("Accepted. It will be in the next release.")
    REJECTED = "rejected", _("Reviewers did not hear the prompt in it. It will not be used.")
    RELEASED = "released", _("Published in a release.")
    UNUSABLE = "unusable", _("It could not be used.")
    WITHDRAWN = "withdrawn", _("Taken back. Nobody can hear it; its audio is being erased.")
    ERASED = "erased", _("Taken back, and erased.")


_BY_CLIP = {
    ClipStatus.RECEIVED: State.RECEIVED,
    ClipStatus.UNUSABLE: State.UNUSABLE,
    ClipStatus.WITHDRAWN: State.WITHDRAWN,
    ClipStatus.ERASED: State.ERASED,
}
_BY_CASE = {
    CaseStatus.SCORING: State.SCORING,
    CaseStatus.OPEN: State.IN_REVIEW,
    CaseStatus.ACCEPTED: State.ACCEPTED,
    CaseStatus.REJECTED: State.REJECTED,
    CaseStatus.CLOSED: State.WITHDRAWN,
}


def state_of(clip_status: str, case_status: str | None, in_release: bool) -> State:
    """The one state that a clip is in, from the statuses of its three stages."""
    early = _BY_CLIP.get(ClipStatus(clip_status))
    if early is not None:
        return early
    if case_status is None:
        return State.SCORING
    state = _BY_CASE[CaseStatus(case_status)]
    return State.RELEASED if state is State.ACCEPTED and in_release else state


def stories(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """The clips with all that ``Story`` reads, in a fixed number of queries."""
    entries = ReleaseEntry.objects.filter(is_withdrawn=False).select_related("release__campaign")
    scores = PreScore.objects.order_by("-at")
    return clips.select_related(
        "prompt", "review_case", "participation__campaign"
    ).prefetch_related(
        Prefetch("release_entries", entries, to_attr="live_entries"),
        Prefetch("pre_scores", scores, to_attr="newest_scores"),
    )


def own_stories(actor: Actor) -> QuerySet[Clip]:
    """The actor's own clips, newest first, ready to be told."""
    return stories(own_clips(actor)).order_by("-received_at", "id")
