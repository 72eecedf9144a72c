"""What speakers say of themselves, if they like: all of it optional, and theirs to delete."""

from __future__ import annotations

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.lookups import Regex
from django.utils.translation import gettext_lazy as _

from collector.models.people import Speaker

MAX_LANGUAGES = 8
#: The shape of a BCP 47 tag (RFC 5646, section 2.1), such as de-AT or sr-Latn; no register check.
LANGUAGE_TAG = "[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*"


class AgeBand(models.TextChoices):
    """Decades, under the names that Common Voice's exports use, so that loaders know them."""

    TEENS = "teens", _("Under 20")
    TWENTIES = "twenties", _("20 to 29")
    THIRTIES = "thirties", _("30 to 39")
    # Spelled so in Common Voice; any other spelling would be a band that no loader knows.
    FORTIES = "fourties", _("40 to 49")
    FIFTIES = "fifties", _("50 to 59")
    SIXTIES = "sixties", _("60 to 69")
    SEVENTIES = "seventies", _("70 to 79")
    EIGHTIES = "eighties", _("80 to 89")
    NINETIES = "nineties", _("90 or older")


class Gender(models.TextChoices):
    """The values of Common Voice's exports."""

    FEMALE = "female_feminine", _("Female, feminine")
    MALE = "male_masculine", _("Male, masculine")
    NON_BINARY = "non-binary", _("Non-binary")
    TRANSGENDER = "transgender", _("Transgender")
    NOT_SAID = "do_not_wish_to_say", _("I would rather not say")


class Environment(models.TextChoices):
    """Where somebody usually speaks."""

    QUIET_ROOM = "quiet_room", _("A quiet room")
    BUSY_ROOM = "busy_room", _("A room with others or with noise")
    OUTDOORS = "outdoors", _("Outdoors")
    VEHICLE = "vehicle", _("A car, bus or train")


class Device(models.TextChoices):
    """What somebody usually speaks into."""

    PHONE = "phone", _("A phone or tablet")
    LAPTOP = "laptop", _("A laptop or computer, by itself")
    HEADSET = "headset", _("Headphones or a headset")
    MICROPHONE = "microphone", _("A separate microphone")
    SPEAKERPHONE = "smart_speaker", _("A smart speaker or room device")


def _known_or_blank(field: str, choices: type[models.TextChoices]) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(**{f"{field}__in": ["", *choices.values]}),
        name=f"snapshot_{field}_known",
    )


class SpeakerSnapshot(models.Model):
    """What a speaker said of themselves at one time. Its content never changes (the database
    refuses): another answer is another row, and clips point to the one of their own moment.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    speaker = models.ForeignKey(Speaker, models.CASCADE, related_name="snapshots")
    age_band = models.CharField(max_length=9, choices=AgeBand, blank=True)
    gender = models.CharField(max_length=18, choices=Gender, blank=True)
    accent = models.CharField(max_length=80, blank=True)
    first_languages = ArrayField(
        models.CharField(max_length=35), default=list, blank=True, help_text=_("BCP 47 tags.")
    )
    environment = models.CharField(max_length=10, choices=Environment, blank=True)
    device = models.CharField(max_length=13, choices=Device, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    #: What a speaker is asked, in the order of the form.
    ASKED = ("age_band", "gender", "first_languages", "accent", "environment", "device")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "speaker", "age_band", "gender", "accent", "first_languages",
                    "environment", "device",
                ],
                name="snapshot_content_unique",
            ),
            _known_or_blank("age_band", AgeBand),
            _known_or_blank("gender", Gender),
            _known_or_blank("environment", Environment),
            _known_or_blank("device", Device),
            models.CheckConstraint(
                condition=models.Q(first_languages__len__lte=MAX_LANGUAGES),
                name="snapshot_languages_few",
            ),
            models.CheckConstraint(
                condition=Regex(
                    models.Func(
                        models.F("first_languages"),
                        models.Value(" "),
                        function="array_to_string",
                        output_field=models.TextField(),
                    ),
                    rf"^({LANGUAGE_TAG}( {LANGUAGE_TAG})*)?$",
                ),
                name="snapshot_languages_are_tags",
            ),
            models.CheckConstraint(
                condition=~models.Q(
                    age_band="", gender="", accent="", first_languages=[], environment="", device=""
                ),
                name="snapshot_says_something",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"snapshot {self.id}"
