"""What can go wrong while publishing; each an error of the one tree in collector.errors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collector.errors import Conflict, NotFound, Unprocessable


class NothingToRelease(Conflict):
    code = "nothing_to_release"
    detail = _("No clip has been accepted yet, so there is nothing to release.")


class PercentsInvalid(Unprocessable):
    code = "percents_invalid"
    detail = _("Validation and testing take 0 to 100 per cent, and together no more than 100.")


class FormatUnknown(NotFound):
    code = "format_unknown"
    detail = _("There is no such export format. The release's page lists those there are.")


class PartUnknown(NotFound):
    code = "part_unknown"
    detail = _("This release has no such part. Ask for its list of parts, which names them all.")
