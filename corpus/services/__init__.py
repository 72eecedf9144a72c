"""What publishing does: one verb for each business fact."""

from corpus.services.access import (
    make_token,
    open_release,
    publish_terms,
    revoke_token,
    sign_terms,
    use_token,
)
from corpus.services.consents import withdraw_consent
from corpus.services.cutting import cut_release, preview_release
from corpus.services.devices import withdraw_device
from corpus.services.exports import export_archive, read_audio, record_download
from corpus.services.holds import lift_hold, place_hold
from corpus.services.withdrawals import erase_again, erase_answers, withdraw, withdraw_again

__all__ = [
    "cut_release",
    "erase_again",
    "erase_answers",
    "export_archive",
    "lift_hold",
    "make_token",
    "open_release",
    "place_hold",
    "preview_release",
    "publish_terms",
    "read_audio",
    "record_download",
    "revoke_token",
    "sign_terms",
    "use_token",
    "withdraw",
    "withdraw_again",
    "withdraw_consent",
    "withdraw_device",
]
