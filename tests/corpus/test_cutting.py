"""What a recipe draws, what a curator sees before freezing, and what is frozen."""

from __future__ import annotations

import random
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from collector.access import Actor
from collector.models import Campaign, Clip, PromptKind, Purpose
from collector.services import add_prompt
from corpus.errors import RecipeInvalid
from corpus.models import Release, ReleaseEntry
from corpus.recipe import LISTS, Recipe, SplitRule
from corpus.services import cut_release, withdraw
from tests.corpus.rows import accepted_row, join
from tests.people import Person
from validation.models import Review, ReviewCase
from validation.selectors import accepted_clips


def cut(curator: Person, campaign: Campaign, **recipe: Any) -> dict[str, Any]:
    response = curator.post(f"campaigns/{campaign.slug}/releases", recipe)
    assert response.status_code == 201, response.content
    release: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return release


def preview(curator: Person, campaign: Campaign, **recipe: Any) -> dict[str, Any]:
    response = curator.post(f"campaigns/{campaign.slug}/releases/preview", recipe)
    assert response.status_code == 200, response.content
    shown: dict[str, Any] = response.json()  # type: ignore[attr-defined]
    return shown


def refused(curator: Person, campaign: Campaign, **recipe: Any) -> Any:
    return curator.post(f"campaigns/{campaign.slug}/releases", recipe)


@pytest.fixture
def crowd(campaign: Campaign) -> Campaign:
    """Twelve speakers, each with "yes" and "no", and one noise; qualities differ."""
    add_prompt(campaign, PromptKind.NOISE, "Keep quiet.", 3.0)
    for n in range(12):
        part = join(campaign, n)
        accepted_row(part, "yes", snr_db=10 + n, match=n / 12, duration_s=1 + n / 10)
        accepted_row(part, "no", verdicts=["accept"] * 3 + ["reject"] * (n % 3))
    accepted_row(part, "Keep quiet.", snr_db=0, match=0, duration_s=3)
    return campaign


@pytest.mark.parametrize(
    ("recipe", "clips"),
    [
        ({}, 25),
        ({"kinds": ["keyword"]}, 24),
        ({"kinds": ["noise"]}, 1),
        ({"snr_db_min": 20}, 1 + 12 + 2),
        ({"duration_s_min": 2.0}, 1 + 2),
        ({"duration_s_max": 1.0}, 1 + 12),
        ({"match_min": 0.5}, 1 + 12 + 6),
        ({"match_max": 0.5}, 1 + 7),
        ({"agreement_min": 0.7}, 12 + 1 + 8),
        ({"hours_max": 10 / 3600}, None),
        ({"clips_per_speaker_max": 1}, 12),
        ({"clips_per_prompt_max": 5}, 11),
        ({"clips_per_speaker_max": 1, "clips_per_prompt_max": 1}, None),
    ],
)
def test_each_limit_draws_what_it_says_and_the_preview_is_what_is_frozen(
    curator: Person, crowd: Campaign, recipe: dict[str, Any], clips: int | None
):
    shown = preview(curator, crowd, **recipe)
    assert not Release.objects.exists()
    release = cut(curator, crowd, **recipe)
    assert shown["total"]["clips"] == release["clips"] == sum(release["splits"].values())
    assert clips in (None, release["clips"])
    assert shown["total"]["speakers"] == release["speakers"]
    counted = {split: amounts["clips"] for split, amounts in shown["splits"].items()}
    assert counted == {split: n for split, n in release["splits"].items() if n}
    assert release["recipe"].items() >= recipe.items(), "the recipe stays with the release"
    if "hours_max" in recipe:
        assert 0 < release["hours"] <= round(recipe["hours_max"], 4)


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ({"tags": ["noise"]}, {"yes", "go"}),
        ({"tags": ["noise", "hesitation"]}, {"go"}),
        ({"tags_excluded": ["noise"]}, {"no", "stop"}),
        ({"tags": ["noise"], "tags_excluded": ["hesitation"]}, {"yes"}),
    ],
)
def test_tags_draw_what_anybody_has_said_of_a_clip(
    curator: Person, campaign: Campaign, recipe: dict[str, Any], words: set[str]
):
    part = join(campaign, 1)
    tagged = {
        "yes": [["noise"], ["noise"]],
        "no": [],
        "go": [["noise", "hesitation"]],
        "stop": [[]],
    }
    for word, tags in tagged.items():
        case = accepted_row(part, word).review_case
        for review, said in zip(case.reviews.order_by("pk"), tags, strict=False):
            Review.objects.filter(pk=review.pk).update(tags=said)
    cut(curator, campaign, **recipe)
    entries = ReleaseEntry.objects.all()
    assert set(entries.values_list("text", flat=True)) == words
    told = {entry.text: entry.details.get("tags") for entry in entries}
    assert told.get("yes") in (None, {"noise": 2})
    assert told.get("stop") is None


def test_what_people_wrote_goes_before_the_prompt_and_may_be_long(
    curator: Person, campaign: Campaign
):
    part = join(campaign, 1)
    long = " ".join(f"wort{n}" for n in range(230))
    for written in (" what\u00a0is  said ", long, ""):
        case = accepted_row(part, "yes").review_case
        ReviewCase.objects.filter(pk=case.pk).update(accepted_text=written)
    cut(curator, campaign)
    texts = set(ReleaseEntry.objects.values_list("text", flat=True))
    assert texts == {"what is said", long, "yes"} and len(long) > 1_500
    ReviewCase.objects.update(accepted_text="x" * 2_001)
    failures = refused(curator, campaign).json()["failures"]
    assert [failure["code"] for failure in failures] == ["text_too_long"]


def test_what_is_held_for_a_curator_is_in_no_release(curator: Person, campaign: Campaign):
    part = join(campaign, 1)
    accepted_row(part, "yes")
    held = accepted_row(part, "no")
    ReviewCase.objects.filter(clip=held).update(is_held=True)
    cut(curator, campaign)
    assert ReleaseEntry.objects.get().text == "yes"


def test_the_preview_shows_the_balance_of_prompts(curator: Person, crowd: Campaign):
    prompts = preview(curator, crowd)["prompts"]
    assert (prompts["count"], prompts["fewest"], prompts["most"]) == (3, 1, 12)
    assert prompts["rarest"][0] == {"kind": "noise", "text": "Keep quiet.", "clips": 1}
    assert prompts["commonest"][0]["clips"] == 12


def test_all_failures_are_listed_with_a_remedy_and_nothing_is_frozen(
    curator: Person, crowd: Campaign
):
    odd = crowd.prompts.create(kind=PromptKind.KEYWORD, text="n\to")
    Clip.objects.filter(prompt__text="no").update(prompt=odd)
    ReleaseEntry.objects.all().delete()
    recipe = {"split_rule": "fixed", "testing_speakers": ["00000000"]}
    response = refused(curator, crowd, **recipe)
    assert (response.status_code, response.json()["code"]) == (409, "release_refused")
    failures = response.json()["failures"]
    assert [failure["code"] for failure in failures] == ["text_unusable", "speakers_unknown"]
    assert all(failure["remedy"] for failure in failures)
    assert [f for f in preview(curator, crowd, **recipe)["findings"] if f["is_failure"]] == failures
    assert not Release.objects.exists()


def test_what_only_deserves_a_word_stops_nothing(curator: Person, campaign: Campaign):
    accepted_row(join(campaign, 1), "yes")
    codes = [finding["code"] for finding in preview(curator, campaign)["findings"]]
    assert set(codes) == {"split_empty"}
    assert cut(curator, campaign)["clips"] == 1


@pytest.mark.parametrize(
    ("recipe", "field"),
    [
        ({"match_min": 1.5}, "match_min"),
        ({"duration_s_min": 3, "duration_s_max": 2}, "duration_s_min"),
        ({"tags": ["noise"], "tags_excluded": ["noise"]}, "tags_excluded"),
        ({"clips_per_speaker_max": 0}, "clips_per_speaker_max"),
        ({"shard_num_bytes": 10}, "shard_num_bytes"),
        ({"split_rule": "fixed"}, "validation_speakers"),
        ({"testing_speakers": ["ffffffff"]}, "validation_speakers"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_by_field(
    curator: Person, crowd: Campaign, recipe: dict[str, Any], field: str
):
    for path in ("releases", "releases/preview"):
        response: Any = curator.post(f"campaigns/{crowd.slug}/{path}", recipe)
        assert (response.status_code, response.json()["code"]) == (422, "recipe_invalid")
        assert list(response.json()["fields"]) == [field]


def test_only_a_curator_previews(researcher: Person, crowd: Campaign):
    response: Any = researcher.post(f"campaigns/{crowd.slug}/releases/preview")
    assert (response.status_code, response.json()["code"]) == (403, "role_missing")


def test_fixed_lists_place_their_speakers_and_all_others_are_for_training(
    curator: Person, crowd: Campaign
):
    names = sorted(crowd.participations.values_list("pseudonym", flat=True))
    cut(
        curator, crowd, split_rule="fixed",
        validation_speakers=names[:2], testing_speakers=names[2:3],
    )  # fmt: skip
    places = dict(ReleaseEntry.objects.values_list("pseudonym", "split"))
    assert {name for name in names if places[name] == "validation"} == set(names[:2])
    assert {name for name in names if places[name] == "testing"} == {names[2]}


@pytest.mark.parametrize("rule", SplitRule.values)
@settings(
    max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(seed=st.integers(0, 2**32), validation=st.integers(0, 50), testing=st.integers(0, 50))
def test_nobody_is_in_two_splits_and_a_withdrawal_moves_nobody(
    curator: Person, crowd: Campaign, rule: str, seed: int, validation: int, testing: int
):
    dice = random.Random(seed)
    names = sorted(set(accepted_clips(crowd).values_list("participation__pseudonym", flat=True)))
    lists = {"testing_speakers": tuple(dice.sample(names, 3))} if rule == "fixed" else {}
    release = cut_release(
        Actor(user=curator.user), crowd, Recipe(
            split_rule=rule, validation_percent=validation, testing_percent=testing, **lists
        ),
    )  # fmt: skip
    entries = release.entries.filter(is_withdrawn=False)
    places = defaultdict(set)
    for entry in entries:
        places[entry.text if rule == "strict-prompt" else entry.pseudonym].add(entry.split)
    assert all(len(splits) == 1 for splits in places.values())
    before = {e.clip_id: (e.split, e.shard, e.take, e.speaker_number) for e in entries}
    gone = dice.choice(list(before))
    speaker = entries.get(clip=gone).clip.participation.speaker
    withdraw(Actor(speaker=speaker), gone)
    after = {e.clip_id: (e.split, e.shard, e.take, e.speaker_number) for e in entries.all()}
    del before[gone]
    assert after == before


def test_shards_are_as_large_as_the_curator_says(curator: Person, crowd: Campaign):
    Clip.objects.update(master_num_bytes=300_000)
    cut(curator, crowd, shard_num_bytes=1_000_000, validation_percent=0, testing_percent=0)
    # A clip goes where it begins, so a shard is longer than was asked by less than a clip.
    shards = ReleaseEntry.objects.order_by("clip_id").values_list("shard", flat=True)
    assert list(shards) == [n * 300_000 // 1_000_000 for n in range(25)]


def test_the_details_are_what_was_known_when_it_was_frozen(curator: Person, campaign: Campaign):
    accepted_row(join(campaign, 1), "yes", verdicts=["accept", "accept", "reject"])
    cut(curator, campaign)
    details = ReleaseEntry.objects.get().details
    text = campaign.consent_texts.get()
    assert details == {
        "snr_db": 30.0, "loudness_lufs": -23.0,
        "match": 0.9, "match_model": "moon", "match_model_sha256": "c" * 64,
        "accepts": 2, "rejects": 1, "agreement": 0.666667,
        "consent_version": text.version, "consent_sha256": text.sha256, "licence": "CC-BY-4.0",
        "consent_purposes": sorted(Purpose.values),
    }  # fmt: skip


def told(release: dict[str, Any]) -> list[tuple[str | None, ...]]:
    entries = ReleaseEntry.objects.filter(release=release["id"], is_withdrawn=False)
    names = ("age", "gender", "accent")
    return [tuple(entry.details.get(name) for name in names) for entry in entries]


def test_groups_of_fewer_than_five_people_say_nothing(curator: Person, campaign: Campaign):
    for n in range(5):
        accents = {"accent": "northern"} if n else {"accent": "of one village"}
        part = join(campaign, n, age_band="thirties", gender="female_feminine", **accents)
        for _ in range(2):
            accepted_row(part, "yes")
    for n in range(5, 9):
        accepted_row(join(campaign, n, age_band="nineties", gender="male_masculine"), "yes")
    said = told(cut(curator, campaign))
    assert said.count(("thirties", "female_feminine", None)) == 10
    assert said.count((None, None, None)) == 4
    accepted_row(join(campaign, 9, age_band="nineties", gender="male_masculine"), "yes")
    part = join(campaign, 10, age_band="thirties", gender="female_feminine", accent="northern")
    accepted_row(part, "yes")
    said = told(cut(curator, campaign))
    assert said.count(("nineties", "male_masculine", None)) == 5
    assert said.count(("thirties", "female_feminine", "northern")) == 9
    assert said.count(("thirties", "female_feminine", None)) == 2


def test_erasing_the_answers_reaches_every_release_under_a_new_revision(
    speaker: Person, curator: Person, researcher: Person, campaign: Campaign
):
    for n in range(4):
        accepted_row(join(campaign, n, age_band="thirties", gender="non-binary"), "yes")
    mine = {"age_band": "thirties", "gender": "non-binary"}
    assert speaker.client.put(
        "/api/v1/speakers/me/about", mine, "application/json"
    ).status_code == 200  # fmt: skip
    clip = accepted_row(speaker.speaker.participations.get(), "yes")
    release = cut(curator, campaign, validation_percent=0, testing_percent=0)
    assert told(release).count(("thirties", "non-binary", None)) == 5
    path = f"releases/{release['id']}/exports/nemo/parts"
    before = {part["name"]: part["etag"] for part in researcher.get(path).json()}  # type: ignore
    assert speaker.client.delete("/api/v1/speakers/me/about").status_code == 204
    entry = ReleaseEntry.objects.get(clip=clip)
    assert (entry.is_withdrawn, entry.revised_in) == (False, 1)
    assert "age" not in entry.details
    assert entry.details["match"] == 0.9
    assert told(release).count(("thirties", "non-binary", None)) == 4
    after = {part["name"]: part["etag"] for part in researcher.get(path).json()}  # type: ignore
    assert all(before[name] != after[name] for name in before)
    assert speaker.client.delete("/api/v1/speakers/me/about").status_code == 204
    assert Release.objects.get().revision == 1, "nothing was left to erase"


@pytest.mark.parametrize("name", LISTS)
def test_a_recipes_lists_have_an_end(name: str, curator: Person, campaign: Campaign):
    most, length = LISTS[name]
    for wrong in ([f"{n}" for n in range(most + 1)], ["x" * (length + 1)]):
        with pytest.raises(RecipeInvalid) as refusal:
            Recipe.of({name: wrong})
        assert name in refusal.value.extra["fields"]
        for path in ("releases", "releases/preview"):
            answer: Any = curator.post(f"campaigns/{campaign.slug}/{path}", {name: wrong})
            assert answer.status_code == 400
    assert Release.objects.count() == 0


def test_the_longest_lists_are_taken():
    most, _length = LISTS["testing_speakers"]
    listed = [f"{n:08}" for n in range(most)]
    recipe = Recipe.of({"split_rule": SplitRule.FIXED, "testing_speakers": listed})
    assert len(recipe.testing_speakers) == most
