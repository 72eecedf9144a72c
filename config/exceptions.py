"""Every error of the API as problem details (RFC 9457); the one handler for them all."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.views import exception_handler

from collector.errors import ChoirError, TooLarge

CONTENT_TYPE = "application/problem+json"
LIMIT_PAUSE_S = 60


def problem(status: int, code: str, detail: str, **extra: Any) -> dict[str, Any]:
    """The members of a problem: ``type`` is an address where the code is explained."""
    title = HTTPStatus(status).phrase
    named = {"type": f"/problems/#{code}", "title": title, "status": status, "code": code}
    return {**named, "detail": detail, **extra}


def problem_response(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler: Choir's own errors, DRF's, and Django's, all in one form."""
    if isinstance(error, RequestDataTooBig):
        error = _too_large()
    if isinstance(error, ChoirError):
        body = problem(error.status, error.code, str(error), **error.extra)
        headers = _retry_after(error)
        return Response(body, status=error.status, headers=headers, content_type=CONTENT_TYPE)
    response = exception_handler(error, context)  # None: a defect, answered by ``server_error``
    if response is not None:
        response.data = _described(error, response)
        response.content_type = CONTENT_TYPE
    if isinstance(error, exceptions.Throttled) and response is not None:
        # The limit leaves it out where it cannot tell, and a device would ask again at once.
        response.headers.setdefault("Retry-After", str(LIMIT_PAUSE_S))
    return response


def _too_large() -> TooLarge:
    detail = _("What was sent is larger than this site takes at once. Send less, several times.")
    return TooLarge(detail, max_bytes=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)


def _retry_after(error: ChoirError) -> dict[str, str]:
    return {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}


def _described(error: Exception, response: Response) -> dict[str, Any]:
    status = response.status_code
    if isinstance(error, exceptions.ValidationError):
        detail = _("Some of what was sent is missing or malformed.")
        return problem(status, "invalid", detail, errors=response.data)
    code = error.get_codes() if isinstance(error, exceptions.APIException) else ""
    fallback = {404: "not_found", 403: "refused"}.get(status, "error")
    detail = response.data.get("detail", "") if isinstance(response.data, dict) else ""
    return problem(status, code if isinstance(code, str) and code else fallback, str(detail))


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith("/api/")


def _answer(request: HttpRequest, status: int, code: str, detail: str) -> HttpResponse:
    if _is_api(request):
        body = problem(status, code, detail)
        return JsonResponse(body, status=status, content_type=CONTENT_TYPE)
    context = {"status": status, "detail": detail}
    return render(request, [f"{status}.html", "400.html"], context, status=status)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400 for what Django cannot read, 413 for what it will not."""
    if isinstance(exception, RequestDataTooBig):
        return _answer(request, TooLarge.status, TooLarge.code, str(_too_large()))
    detail = _("The request is malformed. Reload the page and try again.")
    return _answer(request, 400, "bad_request", detail)


def too_many_requests(request: HttpRequest) -> HttpResponse:
    """429 for a page; allauth asks for it by name."""
    detail = _("You have tried this very often. Wait some minutes, then try again.")
    response = _answer(request, 429, "throttled", detail)
    response.headers["Retry-After"] = str(LIMIT_PAUSE_S)
    return response


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404 for an address that is none."""
    return _answer(request, 404, "not_found", _("There is nothing at this address."))


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403 outside the API's views."""
    return _answer(request, 403, "refused", str(exception) or _("You may not do this."))


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """403 for a form that did not come from our own page."""
    detail = _("This page was open for too long, or cookies are off. Reload it and try again.")
    return _answer(request, 403, "csrf_failed", detail)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: a defect of ours."""
    detail = _("Something went wrong on our side. Nothing of yours is lost; try again.")
    return _answer(request, 500, "server_error", detail)


class PageErrors:
    """Middleware: Choir's errors raised by a page become the page that Django has for them."""

    def __init__(self, get_response: Any) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass the request on."""
        response: HttpResponse = self.get_response(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A page's ChoirError, answered with its own status and sentence."""
        if not isinstance(error, ChoirError):
            return None
        if error.status == 404:
            return page_not_found(request, Http404())
        if error.status == 403:
            return permission_denied(request, PermissionDenied(str(error)))
        response = _answer(request, error.status, error.code, str(error))
        for name, value in _retry_after(error).items():
            response.headers[name] = value
        return response
