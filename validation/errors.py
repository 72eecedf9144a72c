"""What can go wrong while listening; each an error of the one tree in collector.errors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collector.errors import Conflict, Refused, Unprocessable


class LeaseLost(Conflict):
    code = "lease_lost"
    detail = _("This clip is no longer reserved for you. Take the next one.")


class AlreadyVoted(Conflict):
    code = "already_voted"
    detail = _("You have already judged this clip otherwise. Take the next one.")


class CaseDecided(Conflict):
    code = "case_decided"
    detail = _("This clip has been decided, or taken back, in the meantime. Take the next one.")


class TooLate(Conflict):
    code = "too_late"
    detail = _("This vote can no longer be taken back. Tell the campaign's curator if it is wrong.")


class OwnClip(Refused):
    code = "own_clip"
    detail = _("This is your own recording. Others judge it; take the next one.")


class SetApart(Refused):
    code = "set_apart"
    detail = _("The campaign's curator has paused your reviewing. Ask them why.")


class LanguageUnknown(Refused):
    code = "language_unknown"
    detail = _(
        "This campaign is in a language that is not among those you know. If you do know it, add "
        "it under “You”."
    )


class NotHeard(Unprocessable):
    code = "not_heard"
    detail = _("Play the recording to its end before you accept it.")


class TagUnknown(Unprocessable):
    code = "tag_unknown"
    detail = _("This campaign does not have such a tag. Reload the page for its list.")


class TranscriptMissing(Unprocessable):
    code = "transcript_missing"
    detail = _("This recording has no prompt: write what is said, then accept it.")


class PolicyInvalid(Unprocessable):
    code = "policy_invalid"
    detail = _("With this policy no clip could be decided.")
