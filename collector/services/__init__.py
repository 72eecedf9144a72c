"""What a speaker or a worker does: one function for each fact."""

from collector.services.about import forget_about, tell_about
from collector.services.accounts import adopt_speaker, let_go_of_speaker, name_speaker
from collector.services.campaigns import (
    add_prompt,
    add_prompts,
    close_campaign,
    publish_consent_text,
    reopen_campaign,
)
from collector.services.clips import receive_clip
from collector.services.consents import give_consent, opt_in, withdraw_purposes
from collector.services.deriving import Derivative, derive
from collector.services.devices import (
    link_device,
    receive_from_device,
    revoke_device,
    use_device,
)
from collector.services.erasure import (
    erase_clip,
    erase_clips,
    erase_orphans,
    erase_twice,
    erase_waiting,
    withdraw_clip,
    withdraw_clips,
)
from collector.services.inactivity import Settled, settle_inactive
from collector.services.leaving import withdraw_consent
from collector.services.originals import drop_original, drop_originals
from collector.services.prompts import report_prompt, settle_reports, skip_prompt, undo_skip
from collector.services.remeasuring import measured_otherwise, remeasure_clip
from collector.services.sealing import seal_clip, unsealed_clips
from collector.services.setting_up import (
    change_campaign,
    create_campaign,
    give_role,
    open_campaign,
    set_prompt_open,
    take_role,
)
from collector.services.site_keys import (
    destroy_retired,
    is_replacement_due,
    note_emptied,
    num_to_rewrap,
    replace_site_key,
    require_site_key,
    rewrap_some,
)
from collector.services.speakers import (
    join_as_speaker,
    recover_speaker,
    renew_phrase,
)
from collector.services.tallies import count_take, offer_again, offer_prompts, recount
from collector.services.transcoding import mark_taken_up, transcode_clip, transcode_waiting

__all__ = [
    "Derivative",
    "Settled",
    "add_prompt",
    "add_prompts",
    "adopt_speaker",
    "change_campaign",
    "close_campaign",
    "count_take",
    "create_campaign",
    "derive",
    "destroy_retired",
    "drop_original",
    "drop_originals",
    "erase_clip",
    "erase_clips",
    "erase_orphans",
    "erase_twice",
    "erase_waiting",
    "forget_about",
    "give_consent",
    "give_role",
    "is_replacement_due",
    "join_as_speaker",
    "let_go_of_speaker",
    "link_device",
    "mark_taken_up",
    "measured_otherwise",
    "name_speaker",
    "note_emptied",
    "num_to_rewrap",
    "offer_again",
    "offer_prompts",
    "open_campaign",
    "opt_in",
    "publish_consent_text",
    "receive_clip",
    "receive_from_device",
    "recount",
    "recover_speaker",
    "remeasure_clip",
    "renew_phrase",
    "reopen_campaign",
    "replace_site_key",
    "report_prompt",
    "require_site_key",
    "revoke_device",
    "rewrap_some",
    "seal_clip",
    "set_prompt_open",
    "settle_inactive",
    "settle_reports",
    "skip_prompt",
    "take_role",
    "tell_about",
    "transcode_clip",
    "transcode_waiting",
    "undo_skip",
    "unsealed_clips",
    "use_device",
    "withdraw_clip",
    "withdraw_clips",
    "withdraw_consent",
    "withdraw_purposes",
]
