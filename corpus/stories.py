"""Where is this clip? Answered from its Clip, its ReviewCase and its ReleaseEntries together."""

from __future__ import annotations

from django.db import models
from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from collector.access import Actor, own_clips
from collector.models import Clip, ClipStatus, LegalHold
from collector.models.clip import GONE
from corpus.models import ReleaseEntry
from validation.models import CaseStatus, PreScore
from validation.vocabulary import QUALITY


class State(models.TextChoices):
    """What became of a clip, in its speaker's words."""

    RECEIVED = "received", _("Arrived safely. It waits to be prepared.")
    SCORING = "scoring", _("Measured. The machine is about to listen.")
    IN_REVIEW = "in_review", _("Waiting for people to listen.")
    ACCEPTED = "accepted", _("Accepted. It will be in the next release.")
    REJECTED = "rejected", _("Reviewers did not hear the prompt in it. It will not be used.")
    SET_ASIDE = (
        "set_aside",
        _("The machine heard something else, so nobody was asked. It is not used."),
    )
    RELEASED = "released", _("Published in a release.")
    UNUSABLE = "unusable", _("It could not be used.")
    PAUSED = "paused", _("Paused. Nobody but you hears it until you resume.")
    HELD = "held", _("Under a legal hold: in no review and in no download.")
    KEPT = "kept", _("Taken back. Nobody can hear it; a legal hold keeps its audio for now.")
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
    CaseStatus.ADJUDICATE: State.IN_REVIEW,
    CaseStatus.REJECTED: State.REJECTED,
    CaseStatus.SET_ASIDE: State.SET_ASIDE,
    CaseStatus.CLOSED: State.WITHDRAWN,
}


def state_of(
    clip_status: str,
    case_status: str | None,
    in_release: bool,
    is_paused: bool = False,
    is_held: bool = False,
) -> State:
    """The one state that a clip is in, from the statuses of its three stages."""
    if is_held:
        return _under_hold(clip_status)
    if is_paused:
        return State.PAUSED
    early = _BY_CLIP.get(ClipStatus(clip_status))
    if early is not None:
        return early
    if case_status is None:
        return State.SCORING
    state = _BY_CASE[CaseStatus(case_status)]
    return State.RELEASED if state is State.ACCEPTED and in_release else state


def _under_hold(clip_status: str) -> State:
    return State.KEPT if clip_status in GONE else State.HELD


class Shelf(models.TextChoices):
    """Where a speaker looks for a clip: the states, as few as can be told apart at a glance."""

    WAITING = "waiting", _("On their way")
    USED = "used", _("Used")
    NOT_USED = "not_used", _("Not used")
    PAUSED = "paused", _("Paused")
    TAKEN_BACK = "taken_back", _("Taken back")


_SHELVES = {
    State.RECEIVED: Shelf.WAITING,
    State.SCORING: Shelf.WAITING,
    State.IN_REVIEW: Shelf.WAITING,
    State.ACCEPTED: Shelf.USED,
    State.RELEASED: Shelf.USED,
    State.REJECTED: Shelf.NOT_USED,
    State.SET_ASIDE: Shelf.NOT_USED,
    State.UNUSABLE: Shelf.NOT_USED,
    State.PAUSED: Shelf.PAUSED,
    State.HELD: Shelf.NOT_USED,
    State.KEPT: Shelf.TAKEN_BACK,
    State.WITHDRAWN: Shelf.TAKEN_BACK,
    State.ERASED: Shelf.TAKEN_BACK,
}


def shelf_of(state: State) -> Shelf:
    """The shelf that a clip in this state is on."""
    return _SHELVES[state]


def on_shelf(shelf: Shelf) -> Q:
    """The clips on a shelf, as a condition on Clip: the same rule as ``state_of``, for the
    database.
    """
    held = Q(pk__in=LegalHold.objects.filter(lifted_at=None).values("clip"))
    here = [status for status in ClipStatus.values if shelf_of(_under_hold(status)) is shelf]
    return (held & Q(status__in=here)) | (~held & _unheld_on(shelf))


def _unheld_on(shelf: Shelf) -> Q:
    if shelf is Shelf.PAUSED:
        return Q(paused_at__isnull=False)
    early = [status for status, state in _BY_CLIP.items() if shelf_of(state) is shelf]
    judged = [status for status, state in _BY_CASE.items() if shelf_of(state) is shelf]
    heard = Q(review_case__status__in=judged)
    looked_at_again = Q(review_case__is_held=True, review_case__status=CaseStatus.ACCEPTED)
    heard = heard | looked_at_again if shelf is Shelf.WAITING else heard & ~looked_at_again
    if shelf_of(State.SCORING) is shelf:
        heard |= Q(review_case=None)
    in_circulation = Q(status__in=early) | (Q(status=ClipStatus.TRANSCODED) & heard)
    return in_circulation & Q(paused_at=None)


def advice_on(state: State) -> str:
    """What would help next time, where the state alone says it; empty elsewhere."""
    return str(_REJECTED_ADVICE) if state in (State.REJECTED, State.SET_ASIDE) else ""


def noted_by_people(clip: Clip) -> str:
    """What those who judged a rejected clip noted, in words and without who they are."""
    case = getattr(clip, "review_case", None)
    if case is None or case.status != CaseStatus.REJECTED:
        return ""
    noted = {code for review in case.reviews.all() for code in review.tags}
    labels = [str(label) for code, label in QUALITY.items() if code in noted]
    return _("Reviewers noted: %(tags)s.") % {"tags": ", ".join(labels)} if labels else ""


_REJECTED_ADVICE = _(
    "Listen to it once more. Where the words are there but faint, speak closer to the microphone; "
    "where something else is louder, a quieter place helps. You may record it again."
)


def stories(clips: QuerySet[Clip]) -> QuerySet[Clip]:
    """The clips with all that ``Story`` reads, in a fixed number of queries."""
    live = ReleaseEntry.objects.filter(is_withdrawn=False, is_paused=False)
    entries = live.select_related("release__campaign")
    scores = PreScore.objects.order_by("-at")
    holds = LegalHold.objects.filter(lifted_at=None)
    return clips.select_related(
        "prompt", "review_case", "participation__campaign"
    ).prefetch_related(
        "review_case__reviews",
        Prefetch("release_entries", entries, to_attr="live_entries"),
        Prefetch("pre_scores", scores, to_attr="newest_scores"),
        Prefetch("legal_holds", holds, to_attr="standing_holds"),
    )


def own_stories(actor: Actor) -> QuerySet[Clip]:
    """The actor's own clips, newest first, ready to be told."""
    return stories(own_clips(actor)).order_by("-received_at", "id")
