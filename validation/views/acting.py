"""How a page with several forms does what was asked, and says what came of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collector.errors import ChoirError, NotFound, Unprocessable

#: Does what a form asks; returns what to say.
Action = Callable[[HttpRequest], str | Promise]


def once_sure(action: Action) -> Action:
    """The action, where the form's box “sure” was ticked; else nothing but a sentence on it."""

    def do(request: HttpRequest) -> str | Promise:
        if request.POST.get("sure") != "yes":
            raise Unprocessable(_("Nothing was changed. Tick the box that says you are sure."))
        return action(request)

    return do


def act(request: HttpRequest, actions: Mapping[str, Action]) -> HttpResponse:
    """Do the posted ``action``, and show the page again with a sentence on what came of it.

    NotFound where there is no such action. What a service refuses is said in its own words.
    """
    action = actions.get(request.POST.get("action", ""))
    if action is None:
        raise NotFound
    try:
        messages.success(request, str(action(request)))
    except ChoirError as error:
        messages.error(request, str(error))
    return redirect(request.get_full_path())
