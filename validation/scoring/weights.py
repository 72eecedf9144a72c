"""The weights of the speech model: found in the wheel that carries them, and checked by hash.

The package `moonshine_voice` is never imported: it would start its own native library.
Only its data files are read.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from types import MappingProxyType

MODEL_NAME = "moonshine-tiny-en"
WHEEL = "moonshine-voice"
WHEEL_VERSION = "0.0.73"
ASSETS = "moonshine_voice/assets/tiny-en"

ENCODER = "encoder_model.ort"
DECODER = "decoder_model_merged.ort"
TOKENIZER = "tokenizer.bin"

SHA256: Mapping[str, str] = MappingProxyType(
    {
        ENCODER: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
        DECODER: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
        TOKENIZER: "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d",
    }
)

REMEDY = f"Install it again: pip install --force-reinstall {WHEEL}=={WHEEL_VERSION}"


class WeightsError(RuntimeError):
    """The model's files are missing or not the ones that the scores were calibrated on."""


@dataclass(frozen=True)
class Weights:
    """The three files, checked: where the models' lie, and the tokenizer's contents."""

    folder: Path
    tokenizer: bytes


def _combined(hashes: Mapping[str, str]) -> str:
    """One hash for the three files: over the lines that `sha256sum` would print for them."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in hashes.items())
    return hashlib.sha256(lines.encode("ascii")).hexdigest()


MODEL_SHA256 = _combined(SHA256)


def find() -> Path:
    """Returns the folder of the wheel that holds the weights.

    Raises WeightsError where the wheel is not installed.
    """
    try:
        return Path(str(distribution(WHEEL).locate_file(ASSETS)))
    except PackageNotFoundError as error:
        raise WeightsError(f"The package {WHEEL} is not installed. {REMEDY}") from error


def read(folder: Path | None = None) -> Weights:
    """Checks the three files in `folder` (by default, where the wheel put them).

    Raises WeightsError where a file is missing or differs by a single bit.
    """
    folder = find() if folder is None else folder
    for name in SHA256:
        _check(folder / name)
    return Weights(folder, (folder / TOKENIZER).read_bytes())


def _check(path: Path) -> None:
    try:
        with path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise WeightsError(f"Cannot read the model's file {path}: {error}. {REMEDY}") from error
    if found != SHA256[path.name]:
        raise WeightsError(
            f"The model's file {path} has been altered: its sha256 is {found}, "
            f"not {SHA256[path.name]} as in {WHEEL} {WHEEL_VERSION}. {REMEDY}"
        )
