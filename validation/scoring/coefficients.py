"""The numbers that turn features into a match: a versioned file, made by `calibrate`."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from validation.scoring.logistic import Logistic

SHIPPED: Final = Path(__file__).with_name("coefficients.json")


class CoefficientsError(ValueError):
    """The file was made for other features or other weights than this program has."""


@dataclass(frozen=True)
class Coefficients:
    """One calibration: for each layer, how much each feature says."""

    version: int
    model_sha256: str
    """Of the weights whose likelihoods the coefficients weigh."""
    data_sha256: str
    """Of the manifest and the audio that they were fitted on."""
    layers: Mapping[str, Logistic]
    """By name: `keyword`, `keyword_among_others`, `sentence`."""

    def evidence(self, layer: str, features: Mapping[str, float]) -> float:
        """The log-odds that the clip is right, had right and wrong been equally likely before.

        Raises KeyError on an unknown layer and where a feature is missing.
        """
        return self.layers[layer].log_odds(features)

    def as_dict(self) -> dict[str, Any]:
        """What the JSON file holds."""
        return asdict(self)

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Coefficients":
        """Raises CoefficientsError where something is missing."""
        try:
            layers = {name: Logistic(**layer) for name, layer in stored["layers"].items()}
            return cls(
                int(stored["version"]), stored["model_sha256"], stored["data_sha256"], layers
            )
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise CoefficientsError(
                f"Not a file of coefficients ({error!r}): make it with `manage.py calibrate`."
            ) from error
