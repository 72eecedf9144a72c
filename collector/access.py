"""Who asks, and what they may reach. Nothing gets at a row but through one of these."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import HttpRequest

from collector.errors import (
    AccountMissing,
    ConsentMissing,
    MakerAbsent,
    NotFound,
    PromptUnknown,
    RoleMissing,
    SpeakerUnknown,
)
from collector.models import (
    Campaign,
    CampaignStatus,
    Clip,
    ConsentEvent,
    LinkedDevice,
    Membership,
    Participation,
    Prompt,
    Role,
    Speaker,
    User,
)

SPEAKER_SESSION_KEY = "speaker_id"


@dataclass(frozen=True)
class Actor:
    """Whoever makes a request: an account, a speaker, both or neither; or who runs the site."""

    user: User | None = None
    speaker: Speaker | None = None
    #: At a command or in the administration, where no campaign's role is asked for.
    is_operator: bool = False

    def speaker_ids(self) -> list[uuid.UUID]:
        """Every speaker that this person is known to be."""
        mine = set() if self.speaker is None else {self.speaker.id}
        if self.user is not None:
            mine.update(self.user.speakers.values_list("id", flat=True))
        return sorted(mine)

    def require_speaker(self) -> Speaker:
        """The speaker; SpeakerUnknown when this device has none."""
        if self.speaker is None:
            raise SpeakerUnknown
        return self.speaker

    def require_someone(self) -> None:
        """SpeakerUnknown when neither this device nor the account has any speaker."""
        if not self.speaker_ids():
            raise SpeakerUnknown

    def require_speaker_of_take(self, speaker_id: uuid.UUID | None) -> Speaker:
        """The speaker who made a take, as the device remembers; without that, who speaks now.

        A take may be sent long after it was made, when somebody else speaks. MakerAbsent when
        its speaker is not the actor: it waits on the device until they are back. SpeakerUnknown
        when nobody is here at all, so that the device brings its speaker back.
        """
        if speaker_id is None or not self.speaker_ids():
            return self.require_speaker()
        maker = Speaker.objects.filter(pk=speaker_id, pk__in=self.speaker_ids()).first()
        if maker is None:
            raise MakerAbsent
        return maker

    def require_account(self) -> User:
        """The account; AccountMissing when nobody is signed in."""
        if self.user is None:
            raise AccountMissing
        return self.user

    @property
    def has_several_speakers(self) -> bool:
        """Whether an account must say whose takes it sends."""
        return self.user is not None and self.user.speakers.count() > 1

    @property
    def may_adopt(self) -> bool:
        """Whether the session's speaker is in no account, while somebody is signed in."""
        speaker = self.speaker
        return self.user is not None and speaker is not None and speaker.user_id is None


#: How the journal names whoever runs the site, where no account says who it was.
OPERATOR_NAME = "operator"
#: A command: whoever runs it has the machine itself, and no account.
OPERATOR = Actor(is_operator=True)


def actor_of(request: HttpRequest) -> Actor:
    """The actor behind a request: its account, and the speaker of its session or account."""
    user: User | AnonymousUser = request.user
    account = user if isinstance(user, User) else None
    speaker_id = request.session.get(SPEAKER_SESSION_KEY)
    speaker = Speaker.objects.filter(pk=speaker_id).first() if speaker_id else None
    if speaker is None and account is not None:
        speaker = account.speakers.order_by("created_at").first()
    return Actor(account, speaker)


def remember_speaker(request: HttpRequest, speaker: Speaker) -> None:
    """Bind the session to the speaker; a fresh session key, so that an old one gives no access."""
    if request.session.get(SPEAKER_SESSION_KEY) != str(speaker.id):
        request.session.cycle_key()
        request.session[SPEAKER_SESSION_KEY] = str(speaker.id)


def forget_speaker(request: HttpRequest) -> None:
    """Let the session know no speaker any more."""
    request.session.pop(SPEAKER_SESSION_KEY, None)


def account_speakers(actor: Actor) -> QuerySet[Speaker]:
    """The speakers of the actor's account, the first one first; AccountMissing without one."""
    return actor.require_account().speakers.order_by("created_at", "id")


def account_speaker(actor: Actor, speaker_id: uuid.UUID) -> Speaker:
    """One speaker of the actor's account; NotFound for everybody else's, and without account."""
    mine = Speaker.objects.filter(user=actor.user) if actor.user else Speaker.objects.none()
    speaker = mine.filter(pk=speaker_id).first()
    if speaker is None:
        raise NotFound
    return speaker


def roles(actor: Actor, campaign: Campaign) -> set[Role]:
    """The roles of the actor in the campaign."""
    if actor.user is None:
        return set()
    found = Membership.objects.filter(user=actor.user, campaign=campaign)
    return {Role(role) for role in found.values_list("role", flat=True)}


def require_role(actor: Actor, campaign: Campaign, *wanted: Role) -> User:
    """The actor's account, when it has one of the roles; RoleMissing otherwise."""
    if actor.user is None or not roles(actor, campaign) & set(wanted):
        raise RoleMissing
    return actor.user


def require_answerable(actor: Actor, campaign: Campaign, *wanted: Role) -> int | str:
    """Whom the journal names: an account with one of the roles, by its id, or the operator.

    An operator who is signed in is named by their account. RoleMissing for everybody else.
    """
    if not actor.is_operator:
        return require_role(actor, campaign, *wanted).pk
    return OPERATOR_NAME if actor.user is None else actor.user.pk


def visible_campaigns(actor: Actor) -> QuerySet[Campaign]:
    """The campaigns that the actor may know of: all that have begun, and drafts of their own."""
    begun = Campaign.objects.exclude(status=CampaignStatus.DRAFT)
    if actor.user is None:
        return begun
    return (begun | Campaign.objects.filter(memberships__user=actor.user)).distinct()


def campaign_by_slug(actor: Actor, slug: str) -> Campaign:
    """The campaign; NotFound when it does not exist or is not the actor's to see."""
    campaign = Campaign.objects.filter(slug=slug).first()
    # As ``visible_campaigns``, which joins and sorts out repeats to find this one among all.
    is_draft = campaign is not None and campaign.status == CampaignStatus.DRAFT
    if campaign is None or (is_draft and not roles(actor, campaign)):
        raise NotFound
    return campaign


def own_clips(actor: Actor) -> QuerySet[Clip]:
    """All clips that the actor lent, as any of their speakers."""
    return Clip.objects.filter(participation__speaker__in=actor.speaker_ids())


def own_clip(actor: Actor, clip_id: uuid.UUID) -> Clip:
    """One clip of the actor's own; NotFound otherwise."""
    clip = own_clips(actor).filter(pk=clip_id).first()
    if clip is None:
        raise NotFound
    return clip


def own_devices(actor: Actor) -> QuerySet[LinkedDevice]:
    """All devices that the actor linked, as any of their speakers."""
    return LinkedDevice.objects.filter(participation__speaker__in=actor.speaker_ids())


def own_device(actor: Actor, device_id: uuid.UUID) -> LinkedDevice:
    """One device of the actor's own; NotFound otherwise."""
    device = own_devices(actor).filter(pk=device_id).first()
    if device is None:
        raise NotFound
    return device


def own_participations(actor: Actor) -> QuerySet[Participation]:
    """The actor's parts in campaigns, as any of their speakers."""
    return Participation.objects.filter(speaker__in=actor.speaker_ids())


def own_participation(actor: Actor, participation_id: int) -> Participation:
    """One of the actor's own parts; NotFound otherwise."""
    part = own_participations(actor).select_related("campaign").filter(pk=participation_id).first()
    if part is None:
        raise NotFound
    return part


def own_consent(actor: Actor, consent_id: uuid.UUID) -> ConsentEvent:
    """One line of the ledger that is the actor's own; NotFound otherwise."""
    mine = ConsentEvent.objects.filter(participation__speaker__in=actor.speaker_ids())
    event = mine.select_related("text", "participation__campaign").filter(pk=consent_id).first()
    if event is None:
        raise NotFound
    return event


def part_in_prompt(actor: Actor, prompt_id: uuid.UUID) -> tuple[Participation, Prompt]:
    """The speaker's part in the prompt's campaign, and the prompt.

    PromptUnknown when it does not exist or is not theirs to see, SpeakerUnknown for a stranger,
    ConsentMissing for a speaker who has not joined the campaign.
    """
    speaker = actor.require_speaker()
    prompts = Prompt.objects.filter(campaign__in=visible_campaigns(actor))
    prompt = prompts.filter(pk=prompt_id).first()
    if prompt is None:
        raise PromptUnknown
    participation = speaker.participations.filter(campaign=prompt.campaign_id).first()
    if participation is None:
        raise ConsentMissing
    return participation, prompt
