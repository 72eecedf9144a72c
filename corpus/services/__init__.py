"""What publishing does: one verb for each business fact."""

from corpus.services.access import (
    make_token,
    open_release,
    publish_terms,
    revoke_token,
    sign_terms,
    use_token,
)
from corpus.services.cutting import cut_release, preview_release
from corpus.services.exports import export_archive, read_audio, record_download
from corpus.services.revocations import (
    adopt_list,
    attest,
    fill_hashes,
    publish_revocations,
    rotate_key,
)
from corpus.services.withdrawals import erase_again, erase_answers, withdraw, withdraw_again

__all__ = [
    "adopt_list",
    "attest",
    "cut_release",
    "erase_again",
    "erase_answers",
    "export_archive",
    "fill_hashes",
    "make_token",
    "open_release",
    "preview_release",
    "publish_revocations",
    "publish_terms",
    "read_audio",
    "record_download",
    "revoke_token",
    "rotate_key",
    "sign_terms",
    "use_token",
    "withdraw",
    "withdraw_again",
]
