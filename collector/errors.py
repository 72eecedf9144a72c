"""What can go wrong, as one tree: each error knows its code, its HTTP status and its sentence.

ChoirError
├── NotFound
│   └── MasterMissing
├── Refused            (403: who you are does not allow it)
│   ├── SpeakerUnknown
│   ├── AccountMissing
│   ├── MakerAbsent
│   ├── ConsentMissing
│   ├── DeviceRevoked / DevicesRefused
│   └── RoleMissing
├── Conflict           (409: the thing is in another state than you think)
│   ├── ClipExists
│   ├── ClipWithdrawn
│   ├── SpeakerTaken
│   ├── CampaignNotReady
│   ├── LastCurator
│   └── ConsentTextChanged
├── Unprocessable      (422: what was sent cannot be used)
│   ├── DigestMissing / DigestWrong
│   ├── CaptureInvalid
│   ├── FieldsInvalid
│   ├── AccountUnknown
│   └── RecoveryPhraseUnknown
├── DeviceUnknown      (401)
├── TooLarge           (413)
└── StorageFailed      (503: try again)
    └── SiteKeyMissing
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class ChoirError(Exception):
    """Base class: ``detail`` is a sentence that says what happened and what to do about it.

    ``retry_after_s`` is when to try again, where trying again is what helps.
    """

    code: ClassVar[str] = "error"
    status: ClassVar[int] = 400
    retry_after_s: ClassVar[int | None] = None
    detail: str | Promise = _("The request could not be served.")

    def __init__(self, detail: str | Promise | None = None, **extra: Any) -> None:
        if detail is not None:
            self.detail = detail
        self.extra = extra
        super().__init__(str(self.code))

    def __str__(self) -> str:
        return str(self.detail)


class NotFound(ChoirError):
    code = "not_found"
    status = 404
    detail = _("There is nothing here, or it is not yours to see.")


class PromptUnknown(NotFound):
    code = "prompt_unknown"
    detail = _("This prompt does not exist or is no longer open. Reload the page for fresh ones.")


class MasterMissing(NotFound):
    code = "master_missing"
    detail = _("There is no picture or preview of this recording until it has been measured.")


class Refused(ChoirError):
    code = "refused"
    status = 403
    detail = _("You may not do this.")


class SpeakerUnknown(Refused):
    code = "speaker_unknown"
    detail = _("We don't know who you are yet. Agree to the campaign's text, or use your phrase.")


class AccountMissing(Refused):
    code = "account_missing"
    detail = _("This needs an account. Sign in first; to lend your voice you need none.")


class MakerAbsent(Refused):
    code = "maker_absent"
    detail = _("Whoever made this take is not here now. It waits until they are back.")


class ConsentMissing(Refused):
    code = "consent_missing"
    detail = _("Agree to the campaign's current text before you send recordings.")


class ConsentWithdrawn(ConsentMissing):
    code = "consent_withdrawn"
    detail = _("The consent for this campaign was withdrawn: nothing more is taken under it.")


class DeviceUnknown(ChoirError):
    code = "device_unknown"
    status = 401
    detail = _("This token belongs to no linked device. Link the device anew, under “You”.")


class DeviceRevoked(Refused):
    code = "device_revoked"
    detail = _("This device's link was ended by its person: nothing that it sends is taken.")


class DevicesRefused(Refused):
    code = "devices_refused"
    detail = _("This campaign takes no recordings from devices. Ask its curator to allow them.")


class ConsentOutdated(ConsentMissing):
    code = "consent_outdated"
    detail = _(
        "The campaign's text has changed since you agreed to it. Read the new one before your next"
        " recording; those that you lent before stay under the text that you agreed to."
    )


class ConsentLapsed(ConsentMissing):
    code = "consent_lapsed"
    detail = _(
        "A guardian's consent holds for a year. Agree once more: yourself if you are of age now, or"
        " else your guardian for you."
    )


class RoleMissing(Refused):
    code = "role_missing"
    detail = _("Your account does not have the role for this. Ask the campaign's curator for it.")


class CampaignClosed(Refused):
    code = "campaign_closed"
    detail = _("This campaign takes no recordings at the moment.")


class Conflict(ChoirError):
    code = "conflict"
    status = 409
    detail = _("This has changed in the meantime. Reload and try again.")


class ClipExists(Conflict):
    code = "clip_exists"
    detail = _("Another recording was already sent under this id. Send yours under a new one.")


class ClipWithdrawn(Conflict):
    code = "clip_withdrawn"
    detail = _("This recording was taken back by its speaker.")


class SpeakerTaken(Conflict):
    code = "speaker_taken"
    detail = _("This speaker is in another account. Remove them there first, then add them here.")


class ConsentTextChanged(Conflict):
    code = "consent_text_changed"
    detail = _("The text has changed since you opened it. Read the new one, then agree.")


class CampaignNotReady(Conflict):
    code = "campaign_not_ready"
    detail = _("A campaign opens with a text to agree to and at least one prompt. Add them first.")


class LastCurator(Conflict):
    code = "last_curator"
    detail = _("A campaign keeps at least one curator. Make somebody else a curator first.")


class Unprocessable(ChoirError):
    code = "unprocessable"
    status = 422


class FieldsInvalid(Unprocessable):
    """``fields`` has the sentences for each field's name."""

    code = "fields_invalid"
    detail = _("Nothing was saved. Look at what is said beside the fields.")


class AccountUnknown(Unprocessable):
    code = "account_unknown"
    detail = _("Nobody has an account with this address. Ask them to sign up, then try again.")


class NotAdult(Unprocessable):
    code = "not_adult"
    detail = _("You must be of age, or have your guardian's consent, to take part.")


class PurposeNotOffered(Unprocessable):
    code = "purpose_not_offered"
    detail = _("The campaign's text does not ask about this purpose. Reload the page.")


class DigestMissing(Unprocessable):
    code = "digest_missing"
    detail = _("Send the header Content-Digest: sha-256=:…: (RFC 9530) with the bytes' hash.")


class DigestWrong(Unprocessable):
    code = "digest_wrong"
    detail = _("The bytes that arrived do not have the hash that was announced. Send them again.")


class CaptureInvalid(Unprocessable):
    code = "capture_invalid"
    detail = _("The header Choir-Capture is not the JSON that the documentation describes.")


class RecoveryPhraseUnknown(Unprocessable):
    code = "recovery_phrase_unknown"
    detail = _("No speaker has this phrase. Check the order and the spelling of its words.")


class TooLarge(ChoirError):
    code = "too_large"
    status = 413
    detail = _("The recording is larger than this site takes. Record a shorter one.")


class StorageFailed(ChoirError):
    code = "storage_failed"
    status = 503
    retry_after_s = 10
    detail = _("The recording could not be stored just now. It is safe on your device; try again.")


class SiteKeyMissing(StorageFailed):
    code = "site_key_missing"
    detail = _(
        "The site cannot open its recordings: its key is not there. Whoever runs the site finds "
        "the remedy in its log."
    )
