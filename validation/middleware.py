"""What is noticed of every request: that an account and a speaker are one person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from collector.access import SPEAKER_SESSION_KEY
from collector.models import User
from validation.services import remember_voice

_NOTED: Final = "own_voice_noted"


class OwnVoices:
    """Keeps an account's voices beyond the session.

    A session that knows a speaker and is signed in ends with its signing out; whoever signed in
    again would be given their own clips to judge.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look afterwards: signing in, and becoming a speaker, happen in the request."""
        response = self.get_response(request)
        if request.session.accessed:  # else nobody was looked for, and no page depends on it
            self._note(request)
        return response

    def _note(self, request: HttpRequest) -> None:
        speaker_id = request.session.get(SPEAKER_SESSION_KEY)
        if speaker_id is None or not isinstance(request.user, User):
            return
        noted = f"{request.user.pk} {speaker_id}"
        if request.session.get(_NOTED) != noted:
            remember_voice(request.user, speaker_id)
            request.session[_NOTED] = noted
