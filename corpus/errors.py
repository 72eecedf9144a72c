"""What can go wrong while publishing; each an error of the one tree in collector.errors."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from collector.errors import ChoirError, Conflict, NotFound, Refused, Unprocessable


class NothingToRelease(Conflict):
    code = "nothing_to_release"
    detail = _("No clip has been accepted yet, so there is nothing to release.")


class PercentsInvalid(Unprocessable):
    code = "percents_invalid"
    detail = _("Validation and testing take 0 to 100 per cent, and together no more than 100.")


class WithdrawalDiffers(Conflict):
    code = "withdrawal_differs"
    detail = _(
        "Something else was taken back under this id, and nothing by this request. Ask again "
        "under a new id."
    )


class NothingToHold(Conflict):
    code = "nothing_to_hold"
    detail = _("This recording was taken back before: there is nothing left that could be kept.")


class AlreadyHeld(Conflict):
    code = "already_held"
    detail = _("A legal hold stands on this recording. Lift it before you place another.")


class FormatUnknown(NotFound):
    code = "format_unknown"
    detail = _("There is no such export format. The release's page lists those there are.")


class PartUnknown(NotFound):
    code = "part_unknown"
    detail = _("This release has no such part. Ask for its list of parts, which names them all.")


class RecipeInvalid(Unprocessable):
    code = "recipe_invalid"
    detail = _("A release cannot be cut like this. “fields” says what is wrong with which.")


class ReleaseRefused(Conflict):
    code = "release_refused"
    detail = _("Nothing was frozen. “failures” lists what stands against it, and what would help.")


class ReleasesUnrelated(Unprocessable):
    code = "releases_unrelated"
    detail = _("Only releases of one campaign can be compared.")


class RevisionUnknown(NotFound):
    code = "revision_unknown"
    detail = _("The release has no such revision. It has those from 0 to its present one.")


class LicenceDiffers(Unprocessable):
    code = "licence_differs"
    detail = _("What comes in under another licence cannot go out under the campaign's.")


class LayoutUnknown(Unprocessable):
    code = "layout_unknown"
    detail = _("No layout that is known was found in this folder. Name it by --format.")


class ArchiveUnusable(Unprocessable):
    code = "archive_unusable"
    detail = _("The archive cannot be read.")


class TermsUnsigned(Refused):
    code = "terms_unsigned"
    detail = _("Read and sign the campaign's terms for its releases first, on the release's page.")


class TermsChanged(Conflict):
    code = "terms_changed"
    detail = _("The terms have changed since you read them. Read the present ones, then sign.")


class TermsMissing(NotFound):
    code = "terms_missing"
    detail = _("The campaign asks for no signature.")


class TokenInvalid(ChoirError):
    code = "token_invalid"
    status = 401
    detail = _("This token is unknown, revoked or expired. Make a new one on the tokens' page.")


class TokenOnlyReads(Refused):
    code = "token_only_reads"
    detail = _("A token only reads releases. Sign in on the site to do anything else.")


class ListUnknown(NotFound):
    code = "list_unknown"
    detail = _("There is no such revocation list here. The newest is at /api/v1/revocations.json.")


class RevocationKeyWrong(ChoirError):
    code = "revocation_key_wrong"
    status = 503
    detail = _(
        "This machine's key for revocation lists is not the site's. Restore it from its offline "
        "backup, or give all machines the same one, as docs/sync.md says."
    )
