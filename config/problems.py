"""What can be answered in place of what was asked for: every code, with its sentence."""

from __future__ import annotations

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from collector.errors import ChoirError


class Explained(NamedTuple):
    """One code, as ``/problems/`` explains it."""

    status: int
    code: str
    detail: str | Promise


#: What is refused before it reaches a stage, or by none of them.
OF_THE_PLATFORM: Final = (
    Explained(400, "bad_request", _("The request is malformed. Reload the page and try again.")),
    Explained(
        400,
        "invalid",
        _("Some fields are missing or malformed. “errors” says which, and what they should be."),
    ),
    Explained(400, "parse_error", _("The body is no JSON. Mend it, then send it again.")),
    Explained(401, "not_authenticated", _("This needs a token or an account. Send one along.")),
    Explained(401, "authentication_failed", _("The token does not hold. Make a new one.")),
    Explained(
        403,
        "csrf_failed",
        _("The header X-CSRFToken is missing or old. Send what the cookie csrftoken says."),
    ),
    Explained(403, "permission_denied", _("You may not do this. Ask the campaign's curator.")),
    Explained(
        405,
        "method_not_allowed",
        _("The address does not know this method. Look into /api/docs/ for those it knows."),
    ),
    Explained(
        406,
        "not_acceptable",
        _("The answer cannot come in this format. Leave the header Accept out."),
    ),
    Explained(
        415,
        "unsupported_media_type",
        _("The address takes no body of this type. Send JSON, and say so in Content-Type."),
    ),
    Explained(429, "throttled", _("Too much in a short time. Wait as long as Retry-After says.")),
    Explained(
        500,
        "server_error",
        _("Something went wrong on our side. Nothing of yours is lost; try again."),
    ),
)


def explained() -> list[Explained]:
    """Every code, by its status: the platform's, and those of all stages."""
    of_stages = {Explained(error.status, error.code, error.detail) for error in all_errors()}
    return sorted({*OF_THE_PLATFORM, *of_stages}, key=lambda each: each[:2])


def all_errors(base: type[ChoirError] = ChoirError) -> list[type[ChoirError]]:
    """The class and all below it."""
    return [base, *(error for child in base.__subclasses__() for error in all_errors(child))]
