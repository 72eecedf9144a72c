"""Pages that belong to no stage."""

from __future__ import annotations

from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from collector.errors import ChoirError


def _all_errors(base: type[ChoirError]) -> list[type[ChoirError]]:
    found = [base]
    for child in base.__subclasses__():
        found += _all_errors(child)
    return found


def problems(request: HttpRequest) -> HttpResponse:
    """What each error code means: where the ``type`` of a problem leads."""
    errors = sorted(set(_all_errors(ChoirError)), key=lambda error: (error.status, error.code))
    return render(request, "problems.html", {"errors": errors})


def health(request: HttpRequest) -> JsonResponse:
    """Whether the site can serve: the database answers."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return JsonResponse({"status": "ok"})
