"""What publishing does: one verb for each business fact."""

from corpus.services.cutting import cut_release, preview_release
from corpus.services.exports import export_archive, read_audio, record_download
from corpus.services.withdrawals import erase_again, erase_answers, withdraw, withdraw_again

__all__ = [
    "cut_release",
    "erase_again",
    "erase_answers",
    "export_archive",
    "preview_release",
    "read_audio",
    "record_download",
    "withdraw",
    "withdraw_again",
]
