"""What speakers agree to and what researchers promise: published, never edited."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from collector.access import Actor
from collector.models import Campaign, ConsentText
from collector.models.consent import BASE_PURPOSE
from collector.purposes import WORDINGS
from collector.services import publish_consent_text
from corpus.curating.forms import ConsentTextForm, TermsForm
from corpus.curating.opening import as_curator
from corpus.selectors import current_terms
from corpus.services import publish_terms


@login_required
@never_cache
def texts(request: HttpRequest, slug: str) -> HttpResponse:
    """The text in force, the ones before, and the next; the same for the terms."""
    actor, campaign = as_curator(request, slug)
    published = ConsentText.objects.filter(campaign=campaign).order_by("-version")
    newest = published.first()
    terms = current_terms(campaign)
    consent_form, terms_form = _forms(request, campaign, newest, terms.body if terms else "")
    if consent_form.is_valid():
        _publish_consent(request, actor, campaign, consent_form, newest)
        return redirect("texts", slug)
    if terms_form.is_valid():
        _publish_terms(request, actor, campaign, terms_form)
        return redirect("texts", slug)
    context = {
        "campaign": campaign,
        "newest": newest,
        "earlier": published[1:],
        "base_wording": WORDINGS[BASE_PURPOSE],
        "consent_form": consent_form,
        "terms": terms,
        "terms_form": terms_form,
    }
    return render(request, "corpus/curating/texts.html", context)


def _forms(
    request: HttpRequest, campaign: Campaign, newest: ConsentText | None, terms: str
) -> tuple[ConsentTextForm, TermsForm]:
    posted = request.POST.get("publish")
    shown = {"body": newest.body, "purposes": newest.purposes} if newest else {}
    consent_form = ConsentTextForm(
        request.POST if posted == "consent" else None,
        initial=shown, prefix="consent", label_suffix="",
    )  # fmt: skip
    terms_form = TermsForm(
        request.POST if posted == "terms" else None,
        initial={"body": terms}, prefix="terms", label_suffix="",
    )  # fmt: skip
    for form in (consent_form, terms_form):  # else it is read out as if it were the page's language
        form.fields["body"].widget.attrs.update(lang=campaign.language, dir="auto")
    return consent_form, terms_form


def _publish_consent(
    request: HttpRequest,
    actor: Actor,
    campaign: Campaign,
    form: ConsentTextForm,
    newest: ConsentText | None,
) -> None:
    said = form.cleaned_data
    body = said["body"].replace("\r\n", "\n")
    made = publish_consent_text(actor, campaign, body, said["purposes"])
    if newest is not None and made.pk == newest.pk:
        messages.info(request, _("The text is the same as before: nothing was published."))
    else:
        told = _("Version {n} is published. Everybody is asked again before their next clip.")
        messages.success(request, told.format(n=made.version))


def _publish_terms(request: HttpRequest, actor: Actor, campaign: Campaign, form: TermsForm) -> None:
    made = publish_terms(actor, campaign, form.cleaned_data["body"].replace("\r\n", "\n"))
    told = _("Version {n} is published. Researchers sign it before their next download.")
    messages.success(request, told.format(n=made.version))
