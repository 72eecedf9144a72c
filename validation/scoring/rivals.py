"""Whether the clip rather says another of the campaign's keywords."""

from collections.abc import Iterable
from typing import Final

from validation.scoring.moonshine import Begun, Moonshine, TextLikelihood
from validation.scoring.text import as_written, edit_distance, spoken, variants

# Further apart, two texts are no more distinct, but would drown the close calls in the fit.
DECISIVE_NATS: Final = 5.0
# Each that has to be read costs a pass of the decoder, so a campaign of a thousand words must not
# cost a thousand passes. The likeliest to be heard come first.
MAX_READ: Final = 8


def rivals_of(prompt: str, competitors: Iterable[str]) -> list[str]:
    """All spellings of the competitors, without those that are the prompt itself in another one."""
    others = (text for text in competitors if spoken(text).isdisjoint(spoken(prompt)))
    return [spelling for text in others for spelling in variants(text)]


def over_competitor(
    model: Moonshine, begun: Begun, wanted: TextLikelihood, competitors: Iterable[str]
) -> float | None:
    """How much likelier the prompt is than the likeliest competitor, in nats, within 5.

    `wanted`: the prompt, in the likeliest of its spellings; of `competitors`, too, the likeliest
    counts, so give them in all of theirs (`rivals_of`).
    None where there are no competitors. A text is never likelier than its first token, which is
    known from the start that all texts share: whatever cannot come within 5 nats by that is not
    read, and once one is 5 nats ahead, no other is. Of those left, the eight that sound likeliest
    by their first token are read, and among equals the ones spelled most alike (branch and bound;
    exact but for the eight).
    """
    others = sorted({as_written(text) for text in competitors} - {wanted.text, ""})
    if not others:
        return None
    best = wanted.total - DECISIVE_NATS
    for bound, text in _by_sound(model, begun, wanted.text, others, above=best)[:MAX_READ]:
        if bound <= best or best >= wanted.total + DECISIVE_NATS:
            break
        (rival,) = model.log_likelihoods(begun, [text])
        best = max(best, rival.total)
    return max(-DECISIVE_NATS, wanted.total - best)


def _by_sound(
    model: Moonshine, begun: Begun, wanted: str, others: list[str], above: float
) -> list[tuple[float, str]]:
    bounds = model.first_token(begun, others)
    ranked = [pair for pair in zip(bounds, others, strict=True) if pair[0] > above]
    return sorted(ranked, key=lambda pair: (-pair[0], edit_distance(pair[1], wanted), pair[1]))
