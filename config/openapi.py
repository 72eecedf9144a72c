"""What the API's documentation says of every operation: how one is known, and how errors look."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension

_PROBLEM = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["type", "title", "status", "detail", "code"],
    "properties": {
        "type": {"type": "string", "description": "Where the code is explained"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence for people, with a remedy"},
        "code": {"type": "string", "description": "One word for programs"},
        "errors": {"description": "For code `invalid`: what is wrong, field by field"},
    },
}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]
    """The session cookie, which speakers without an account have too."""

    target_class = "config.authentication.SessionAuthentication"
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """As OpenAPI names it."""
        return {
            "type": "apiKey",
            "in": "cookie",
            "name": "sessionid",
            "description": "With X-CSRFToken from the cookie csrftoken on every unsafe request.",
        }


def with_problems(result: dict[str, Any], **_: Any) -> dict[str, Any]:
    """Say of every operation that whatever it cannot do, it answers as a problem."""
    result["components"]["schemas"]["Problem"] = _PROBLEM
    answer = {
        "description": "Anything else",
        "content": {
            "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
        },
    }
    for path in result["paths"].values():
        for operation in path.values():
            operation["responses"]["default"] = answer
    return result
