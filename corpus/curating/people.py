"""Who does what in a campaign."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from collector.access import Actor
from collector.errors import AccountUnknown
from collector.models import Campaign, Role
from collector.rules import row_number
from collector.services import give_role, take_role
from corpus.curating.forms import MemberForm
from corpus.curating.opening import as_curator
from validation.views.acting import act, once_sure

DUTIES = {
    Role.CURATOR: gettext_lazy("Sets the campaign up, settles what waits, and cuts releases."),
    Role.REVIEWER: gettext_lazy("Listens to clips and judges them."),
    Role.RESEARCHER: gettext_lazy("Fetches releases, once the terms are signed."),
}


@login_required
@never_cache
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Curators, reviewers and researchers: added by their address, and let go."""
    actor, campaign = as_curator(request, slug)
    if "action" in request.POST:
        return act(request, {"remove": once_sure(lambda asked: _let_go(actor, campaign, asked))})
    form = MemberForm(request.POST or None, label_suffix="")
    if form.is_valid() and _add(actor, campaign, form):
        told = _("{email} is in.").format(email=form.cleaned_data["email"])
        messages.success(request, told)
        return redirect("people", slug)
    members = campaign.memberships.select_related("user").order_by("user__email")
    groups = [
        (role, DUTIES[role], [each for each in members if each.role == role]) for role in DUTIES
    ]
    context = {"campaign": campaign, "form": form, "groups": groups}
    return render(request, "corpus/curating/people.html", context)


def _add(actor: Actor, campaign: Campaign, form: MemberForm) -> bool:
    said = form.cleaned_data
    try:
        give_role(actor, campaign, said["email"], Role(said["role"]))
    except AccountUnknown as error:
        form.add_error("email", str(error))
        return False
    return True


def _let_go(actor: Actor, campaign: Campaign, request: HttpRequest) -> str | Promise:
    take_role(actor, campaign, row_number(request.POST.get("member", "")))
    return gettext_lazy("They have this role no more.")
