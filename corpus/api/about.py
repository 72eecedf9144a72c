"""What speakers say of themselves, where deleting it has to reach the releases too."""

from __future__ import annotations

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from collector.api import about
from corpus.services import erase_answers


class AboutView(about.AboutView):
    """What the speaker of this session says of themselves."""

    @extend_schema(
        operation_id="delete_about",
        summary="Forget what you said about your voice",
        description="Deleted here, with every clip that carries it, and in every release.",
        responses={204: None},
        tags=["speaking"],
    )
    def delete(self, request: Request) -> Response:
        """Forget all of it, everywhere; again is harmless."""
        erase_answers(self.actor.require_speaker())
        return Response(status=204)
