"""Cutting a release: a recipe, what it would hold, and only then the knife."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from collector.access import Actor
from collector.errors import ChoirError
from collector.models import Campaign, PromptKind
from corpus.curating.opening import as_curator
from corpus.curating.recipe_form import RecipeForm
from corpus.models import Release, Split
from corpus.preview import Preview
from corpus.recipe import Recipe
from corpus.services import cut_release, preview_release
from validation.selectors import accepted_clips


@login_required
@never_cache
def cut(request: HttpRequest, slug: str) -> HttpResponse:
    """What a release would hold; a second button, which comes with the figures, cuts it.

    A recipe that was changed after its figures were shown is shown anew, and not cut.
    """
    actor, campaign = as_curator(request, slug)
    form = RecipeForm(campaign, request.POST or None)
    recipe = form.recipe()
    if recipe is not None and request.POST.get("do") == "cut":
        if request.POST.get("seen") != _mark(recipe):
            messages.warning(request, _("You changed what it is cut by: look at the new figures."))
        elif release := _cut(actor, campaign, recipe, form):
            messages.success(request, _("It is cut. So far only researchers can fetch it."))
            return redirect("release", release.pk)
    context = {"campaign": campaign, "form": form, "num_clips": accepted_clips(campaign).count()}
    if recipe is not None:
        preview = preview_release(actor, campaign, recipe)
        context |= {"preview": preview, "rows": _rows(preview), "seen": _mark(recipe)}
    return render(request, "corpus/curating/cut.html", context)


def _mark(recipe: Recipe) -> str:
    """By which a recipe is known again."""
    return hashlib.sha256(json.dumps(recipe.as_json(), sort_keys=True).encode()).hexdigest()


def _cut(actor: Actor, campaign: Campaign, recipe: Recipe, form: RecipeForm) -> Release | None:
    try:
        return cut_release(actor, campaign, recipe)
    except ChoirError as error:
        form.add_error(None, str(error))
        return None


def _rows(preview: Preview) -> list[tuple[str, dict[str, Any]]]:
    """The preview's table: in all, of each split (empty ones too), of each kind."""
    nothing = {"clips": 0, "speakers": 0, "hours": 0.0}
    splits = [(str(each.label), preview.splits.get(each, nothing)) for each in Split]
    kinds = [(str(PromptKind(kind).label), amounts) for kind, amounts in preview.kinds.items()]
    return [(_("In all"), preview.total), *splits, *kinds]
