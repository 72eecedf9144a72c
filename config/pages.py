"""Pages that belong to no stage."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from config.problems import explained
from validation.selectors import waiting_for_machine


def problems(request: HttpRequest) -> HttpResponse:
    """What each error code means: where the ``type`` of a problem leads."""
    return render(request, "problems.html", {"errors": explained()})


def health(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve: the database answers; and how much the machine has to hear.

    A long queue is no failure: what comes in is kept, and heard when it is its turn.
    """
    waiting = waiting_for_machine()
    return JsonResponse(
        {
            "status": "ok",
            "waiting_clips": waiting.clips,
            "oldest_waiting_s": round(waiting.oldest_s, 1),
        }
    )
