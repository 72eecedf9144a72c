"""What can go wrong while listening; each an error of the one tree in collector.errors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collector.errors import Conflict


class LeaseLost(Conflict):
    code = "lease_lost"
    detail = _("This clip is no longer reserved for you. Take the next one.")


class AlreadyVoted(Conflict):
    code = "already_voted"
    detail = _("You have already judged this clip otherwise. Take the next one.")


class CaseDecided(Conflict):
    code = "case_decided"
    detail = _("This clip has been decided, or taken back, in the meantime. Take the next one.")
