"""What publishing does: one verb for each business fact."""

from corpus.services.access import (
    make_token,
    publish_terms,
    revoke_token,
    sign_terms,
    use_token,
)
from corpus.services.completing import complete_withdrawals
from corpus.services.consents import take_back_purposes
from corpus.services.counting import Figures, count_figures, figures_of_release
from corpus.services.cutting import cut_release, preview_release
from corpus.services.devices import withdraw_device
from corpus.services.exports import export_archive, record_download
from corpus.services.holds import lift_hold, place_hold
from corpus.services.opening import open_release, restore_release, retire_release
from corpus.services.pausing import pause, resume
from corpus.services.reading import AudioReader
from corpus.services.restoring import TakenBack, take_back_again, taken_back
from corpus.services.revocations import (
    adopt_list,
    attest,
    fill_hashes,
    present_list,
    publish_revocations,
    rotate_key,
)
from corpus.services.withdrawals import (
    erase_again,
    erase_answers,
    withdraw,
    withdraw_again,
    withdraw_all,
    withdraw_by_letter,
)

__all__ = [
    "AudioReader",
    "Figures",
    "TakenBack",
    "adopt_list",
    "attest",
    "complete_withdrawals",
    "count_figures",
    "cut_release",
    "erase_again",
    "erase_answers",
    "export_archive",
    "figures_of_release",
    "fill_hashes",
    "lift_hold",
    "make_token",
    "open_release",
    "pause",
    "place_hold",
    "present_list",
    "preview_release",
    "publish_revocations",
    "publish_terms",
    "record_download",
    "restore_release",
    "resume",
    "retire_release",
    "revoke_token",
    "rotate_key",
    "sign_terms",
    "take_back_again",
    "take_back_purposes",
    "taken_back",
    "use_token",
    "withdraw",
    "withdraw_again",
    "withdraw_all",
    "withdraw_by_letter",
    "withdraw_device",
]
