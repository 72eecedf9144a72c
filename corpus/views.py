"""Pages for finding one's way, following one's clips, and publishing."""

from __future__ import annotations

import uuid
from typing import Any, Final

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import (
    Actor,
    actor_of,
    campaign_by_slug,
    own_participation,
    roles,
    visible_campaigns,
)
from collector.agreements import agreements
from collector.errors import NotFound
from collector.models import Campaign, Participation, Role
from collector.models.consent import BASE_PURPOSE
from collector.purposes import WORDINGS
from collector.rules import row_number
from collector.services import link_device, opt_in, revoke_device
from collector.services.devices import wording
from corpus.access import visible_releases
from corpus.linked import campaigns_for_devices, devices_of
from corpus.scopes import Scope
from corpus.selectors import counts_of_releases, progress, progress_of
from corpus.services import (
    make_token,
    present_list,
    revoke_token,
    take_back_purposes,
    withdraw_all,
    withdraw_device,
)
from corpus.services.consents import WITHOUT_CONSENT
from corpus.takeout import lent_by
from corpus.transparency import shown
from validation.selectors import accepted_clips, waiting_for_machine

#: Where a session keeps a token between the form that makes it and the page that shows it, once:
#: were it shown in answer to the form, a reload would make another.
_NEW_TOKEN, _NEW_DEVICE = "new_token", "new_device_token"
CAMPAIGNS_PER_PAGE: Final = 24
RELEASES_PER_PAGE: Final = 50


def home(request: HttpRequest) -> HttpResponse:
    """The campaigns that ask for voices."""
    campaigns = visible_campaigns(actor_of(request)).order_by("name", "-pk")
    page = Paginator(campaigns, CAMPAIGNS_PER_PAGE).get_page(request.GET.get("page"))
    counted = progress_of(list(page))
    shown = [{"campaign": each, "progress": counted[each.pk]} for each in page]
    return render(request, "collector/home.html", {"campaigns": shown, "page": page})


def campaign(request: HttpRequest, slug: str) -> HttpResponse:
    """What a campaign is about, and the ways into it."""
    actor = actor_of(request)
    found = campaign_by_slug(actor, slug)
    mine = roles(actor, found)
    context = {
        "campaign": found,
        "progress": progress(found),
        "roles": mine,
        "has_releases": visible_releases(actor, found).exists(),
    }
    if Role.CURATOR in mine:
        context["waiting"] = waiting_for_machine(found)
    return render(request, "collector/campaign.html", context)


@ensure_csrf_cookie
def my_clips(request: HttpRequest) -> HttpResponse:
    """The speaker's own clips, to follow and to take back."""
    actor = actor_of(request)
    context = {"has_speaker": bool(actor.speaker_ids()), "may_adopt": actor.may_adopt}
    return render(request, "corpus/my_clips.html", context)


def takeout(request: HttpRequest) -> HttpResponse:
    """Everything that a person ever gave: what is in it, how much it is, and the way to it."""
    context = {"lent": lent_by(actor_of(request))}
    return render(request, "corpus/takeout.html", context)


@never_cache
def my_consent(request: HttpRequest) -> HttpResponse:
    """What one agreed to, to see and to change, by plain forms."""
    actor = actor_of(request)
    if request.method == "POST":
        return _change_consent(request, actor)
    context = {
        "agreements": agreements(actor),
        "base_wording": WORDINGS[BASE_PURPOSE],
    }
    return render(request, "corpus/my_consent.html", context)


def _change_consent(request: HttpRequest, actor: Actor) -> HttpResponse:
    """Do what a form of the page says, and tell of it; of a withdrawal by its own receipt."""
    said = request.POST
    part = own_participation(actor, row_number(said.get("part", "")))
    if said.get("do") == "withdraw" and said.get("sure") == "yes":
        scope = Scope(campaign=part.campaign, speaker_id=part.speaker_id)
        return redirect("withdrawal", withdraw_all(actor, scope, WITHOUT_CONSENT).pk)
    messages.success(request, _changed_purpose(actor, part, said))
    return redirect("my-consent")


def _changed_purpose(actor: Actor, part: Participation, said: QueryDict) -> str:
    do, purpose = said.get("do"), said.get("purpose", "")
    if do == "take-back" and purpose != BASE_PURPOSE:
        take_back_purposes(actor, part.pk, [purpose])
        return str(_("Taken back, for all your recordings."))
    if do in ("agree", "agree-for-all"):
        opt_in(
            part,
            [purpose],
            wordings_sha256=said.get("wordings_sha256", ""),
            include_earlier=do == "agree-for-all",
        )
        return str(_("Agreed. You can take it back at any time."))
    raise NotFound


@ensure_csrf_cookie
def releases(request: HttpRequest, slug: str) -> HttpResponse:
    """A campaign's releases, and for a curator the way to cut the next."""
    actor = actor_of(request)
    found = campaign_by_slug(actor, slug)
    listed = visible_releases(actor, found)
    page = Paginator(listed, RELEASES_PER_PAGE).get_page(request.GET.get("page"))
    counted = counts_of_releases(list(page))
    can_cut = Role.CURATOR in roles(actor, found)
    context = {
        "campaign": found,
        "releases": [{"release": each, "counts": counted[each.pk]} for each in page],
        "page": page,
        "can_cut": can_cut,
        "eligible_clips": accepted_clips(found).count() if can_cut else None,
    }
    return render(request, "corpus/releases.html", context)


def transparency(request: HttpRequest) -> HttpResponse:
    """What was taken back, as far as the world may know, and how to check it."""
    present_list()
    return render(request, "corpus/transparency.html", {**shown(), "site": settings.SITE_URL})


def choir_sync(request: HttpRequest) -> FileResponse:
    """The program that keeps a researcher's copy up to date: one file."""
    path = settings.BASE_DIR / "clients" / "choir_sync.py"
    return FileResponse(path.open("rb"), content_type="text/x-python; charset=utf-8")


@login_required
@never_cache
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens: made, shown once, and revoked, by plain forms."""
    actor = actor_of(request)
    form = TokenForm(request.POST if "make" in request.POST else None, label_suffix="")
    if form.is_valid():
        _token, request.session[_NEW_TOKEN] = make_token(actor, **form.cleaned_data)
        return redirect("my-tokens")
    if "revoke" in request.POST:
        revoke_token(actor, _uuid(request.POST["revoke"]))
        return redirect("my-tokens")
    listed = actor.require_account().access_tokens.order_by("-created_at")
    shown = request.session.pop(_NEW_TOKEN, "")
    context = {"tokens": listed, "shown": shown, "form": form, "site": settings.SITE_URL}
    return render(request, "corpus/tokens.html", context)


@never_cache
def devices(request: HttpRequest) -> HttpResponse:
    """One's own devices: linked, looked after, ended, and all that they sent taken back."""
    actor = actor_of(request)
    if "revoke" in request.POST:
        device = revoke_device(actor, _uuid(request.POST["revoke"]))
        messages.success(request, _("The link with {name} has ended.").format(name=device.name))
        return redirect("my-devices")
    if "take_back" in request.POST:
        receipt = withdraw_device(actor, _uuid(request.POST["take_back"]))
        return redirect("withdrawal", receipt.pk) if receipt else redirect("my-devices")
    linkable, others = campaigns_for_devices(actor)
    form = DeviceForm(linkable, request.POST if "link" in request.POST else None)
    if form.is_valid():
        _device, request.session[_NEW_DEVICE] = link_device(actor, **form.answers)
        return redirect("my-devices")
    context = {
        "has_speaker": bool(actor.speaker_ids()),
        "speaking_as": actor.speaker if actor.has_several_speakers else None,
        "devices": devices_of(actor),
        "form": form if linkable else None,
        "others": others,
        "wording": wording(),
        "token": request.session.pop(_NEW_DEVICE, ""),
        "address": f"{settings.SITE_URL}{reverse('api:donations')}",
    }
    return render(request, "corpus/devices.html", context)


def _uuid(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise NotFound from None


class DeviceForm(forms.Form):
    name = forms.CharField(label=_("What do you call it?"), max_length=60)
    campaign = forms.ModelChoiceField(
        Campaign.objects.none(), label=_("For which campaign?"), empty_label=None
    )
    by = forms.ChoiceField(
        label=_("Who agrees?"),
        widget=forms.RadioSelect,
        choices=[
            ("adult", _("I am of age, and I agree")),
            ("guardian", _("I am a parent or guardian and agree for a child")),
        ],
    )

    def __init__(self, campaigns: QuerySet[Campaign], *args: Any) -> None:
        super().__init__(*args)
        field = self.fields["campaign"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = campaigns

    @property
    def answers(self) -> dict[str, Any]:
        """As ``link_device`` wants them."""
        said = self.cleaned_data
        return {"name": said["name"], "campaign": said["campaign"], said["by"]: True}


class TokenForm(forms.Form):
    label = forms.CharField(
        label=_("What is it for?"),
        max_length=60,
        help_text=_("A name by which you know it again, such as that of a machine."),
    )
    days = forms.TypedChoiceField(
        label=_("Valid for"),
        coerce=int,
        initial=90,
        choices=[
            (30, _("30 days")),
            (90, _("90 days")),
            (366, _("a year")),
        ],
    )
