"""The same release is the same bytes, on whichever machine and day."""

from __future__ import annotations

import hashlib

import pytest

from corpus.exporters import EXPORTERS
from tests.corpus.sync.shelves import packed, rows_of

#: Of a release whose audio is made up. Whoever changes one of these changes every copy that anybody
#: has of a release in that format: the reason belongs into CHANGELOG.md.
SHA256 = {
    "audiofolder": "e503eb71f06fcda8acef4ab1f60f83002cedadb50dc8ec21d95438547e5ad03b",
    "clips": "cb25f66a30f8c1b11a10f25f9f703e86d51156ba76baac8f0ff0693b8b0f2a03",
    "common-voice": "333c9f758f71e486d3567a7d2cb59475822df6d42b93102d3bc88c3f39342c8f",
    "deepspeech": "477b784ae0570cd9c800619ff2ec00ffe4606535cd95da7cd7ca61ed871b1975",
    "kaldi": "b3e62f73df1ad959592f2835541ec6641cc9cf053602ca9904eea845d5d0298f",
    "lhotse": "3bf51a5b748c9278981e408b56830addf0577b1a1d32145d74f1df190872b359",
    "lhotse-shar": "d8e886c9e4fb5c3a6f4f8a3e7dc1051fdd146ef1c68912016dd578c45a44339c",
    "librispeech": "10fb8578c670466b7a7dead596ca0225e1d9ef6e0fb02f21a87e5038daeedea5",
    "ljspeech": "6859441de8239188ea109ddc063f5940a873da7a1c78c79d7ab5a45204a2595f",
    "nemo": "fa0d2221373c98e8bf6dd29d4f635709fc4b0f78fd99cec41ee06707e801d5b6",
    "open-stt": "6cc816b949d24bc3796e50c343a271ab367f199d02d598577d74f7d61226df89",
    "speech-commands": "548318ceab87ec20be1d4d92406f7f08d31b5390a9782999614e3e6f4455e653",
    "webdataset": "7b0ef7ff99b791bb66a4727180039afdb81534b4e21700f7c5e870955512734e",
}


def test_every_format_has_a_hash():
    # What pyarrow writes names its version.
    assert set(SHA256) == set(EXPORTERS) - {"parquet"}


@pytest.mark.parametrize("format_name", SHA256)
def test_an_export_is_the_bytes_that_it_was(format_name: str):
    assert hashlib.sha256(packed(rows_of(60), format_name)).hexdigest() == SHA256[format_name]
