"""What a speaker or a worker does: one function for each fact."""

from collector.services.campaigns import add_prompt, add_prompts, publish_consent_text
from collector.services.clips import receive_clip
from collector.services.deriving import Derivative, derive
from collector.services.erasure import erase_clip, erase_orphans, withdraw_clip
from collector.services.speakers import give_consent, join_as_speaker, recover_speaker
from collector.services.transcoding import mark_taken_up, transcode_clip

__all__ = [
    "Derivative",
    "add_prompt",
    "add_prompts",
    "derive",
    "erase_clip",
    "erase_orphans",
    "give_consent",
    "join_as_speaker",
    "mark_taken_up",
    "publish_consent_text",
    "receive_clip",
    "recover_speaker",
    "transcode_clip",
    "withdraw_clip",
]
