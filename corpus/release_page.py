"""A release's page: what it is in words and figures, how it sounds, and how it is fetched."""

from __future__ import annotations

import uuid
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import ensure_csrf_cookie

from collector.access import Actor, actor_of, roles
from collector.models import Role
from collector.rules import whole_number
from corpus.access import release_by_id
from corpus.api.exports import exports_of
from corpus.datasheet.citation import bibtex, cite_as
from corpus.datasheet.figures import figures_of
from corpus.datasheet.plots import plot
from corpus.datasheet.sections import sections_of
from corpus.errors import TermsChanged
from corpus.models import Release
from corpus.selectors import current_terms, has_signed, page_of, release_counts_of, samples_of
from corpus.services import (
    figures_of_release,
    open_release,
    restore_release,
    retire_release,
    sign_terms,
)
from corpus.tasks import count_figures
from validation.views.acting import Action, act, once_sure


@ensure_csrf_cookie
def release(request: HttpRequest, release_id: uuid.UUID) -> HttpResponse:
    """The page; a form on it signs the campaign's terms."""
    actor = actor_of(request)
    found = release_by_id(actor, release_id)
    if "sign" in request.POST:
        return _sign(request, actor, found)
    if "action" in request.POST:
        return act(request, _actions(actor, found))
    exports = exports_of(found)
    asked = request.GET.get("format", "")
    chosen = next((export for export in exports if export["format"] == asked), exports[0])
    context = {
        "release": found,
        **_figures(found),
        "samples": samples_of(found),
        "exports": exports,
        "chosen": chosen,
        "commands": commands(found, chosen),
        **_access(actor, found),
        **_words(found),
    }
    return render(request, "corpus/release.html", context)


def _actions(actor: Actor, release: Release) -> dict[str, Action]:
    """What a curator decides about who may fetch it."""
    return {
        "open": once_sure(lambda _request: _opened(actor, release, is_public=True)),
        "close": once_sure(lambda _request: _opened(actor, release, is_public=False)),
        "retire": once_sure(lambda _request: _retired(actor, release)),
        "restore": lambda _request: _restored(actor, release),
    }


def _opened(actor: Actor, release: Release, *, is_public: bool) -> str:
    open_release(actor, release, is_public=is_public)
    return _("Everybody can fetch it now.") if is_public else _("Only researchers can fetch it.")


def _retired(actor: Actor, release: Release) -> str:
    retire_release(actor, release)
    return _("It is retired: only the campaign's curators see it.")


def _restored(actor: Actor, release: Release) -> str:
    restore_release(actor, release)
    return _("It is back, as it was before.")


def _figures(release: Release) -> dict[str, Any]:
    """What is counted; of a large release perhaps an earlier revision's, or as it was frozen."""
    figures = figures_of_release(release)
    if figures.is_counting:
        wake_counter()
    totals = release_counts_of(figures.counts)
    return {
        "figures": figures,
        "counts": totals or release.sheet,
        "withdrawn": sum(each.clips for each in figures.counts.get("withdrawn", [])),
        "plots": [plot(each) for each in figures_of(figures.counts)] if totals else [],
    }


def wake_counter() -> None:
    """Tell the workers that somebody waits; if they cannot be told, the sweep does it."""
    transaction.on_commit(count_figures.delay, robust=True)


def commands(release: Release, export: dict[str, str]) -> dict[str, str]:
    """What somebody types to fetch an export; where a token is needed, they name it."""
    site, folder = settings.SITE_URL, f"{release.campaign.slug}-{release.version}"
    bearer = "" if release.is_public else '-H "Authorization: Bearer $CHOIR_TOKEN" '
    return {
        "sync": (
            f"python3 choir_sync.py fetch --site {site} --release {release.pk}"
            f" --format {export['format']} {folder}"
        ),
        "curl": f"curl -fL -C - {bearer}-o {export['filename']} {site}{export['url']}",
    }


def _access(actor: Actor, release: Release) -> dict[str, Any]:
    """What stands between the reader and a download; nothing of it for a public release."""
    terms = current_terms(release.campaign)
    mine = roles(actor, release.campaign)
    has_role = bool(mine & {Role.RESEARCHER, Role.CURATOR})
    signed = terms is None or has_signed(actor.user, terms)
    return {
        "terms": terms,
        "signed": signed,
        "has_role": has_role,
        "is_curator": Role.CURATOR in mine,
        "can_download": release.is_public or (has_role and signed),
    }


def _words(release: Release) -> dict[str, Any]:
    title, url = (
        release.sheet.get("title", release.campaign.name),
        f"{settings.SITE_URL}{page_of(release)}",
    )
    cited = title, release.version, release.frozen_at, url
    return {
        "title": title,
        "sections": sections_of(release.sheet),
        "citation": cite_as(*cited),
        "bibtex": bibtex(release.campaign.slug, *cited),
    }


def _sign(request: HttpRequest, actor: Actor, release: Release) -> HttpResponseRedirect:
    version, _colon, sha256 = request.POST["sign"].partition(":")
    try:
        sign_terms(actor, release.campaign, version=whole_number(version) or 0, sha256=sha256)
        messages.success(request, _("You have signed the terms. Everything is open to you."))
    except TermsChanged as error:
        messages.warning(request, str(error))
    return redirect(f"{page_of(release)}#get")
