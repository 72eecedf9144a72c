"""The same release is the same bytes, on whichever machine and day."""

from __future__ import annotations

import hashlib

import pytest

from corpus.exporters import EXPORTERS
from tests.corpus.sync.shelves import packed, rows_of

#: Of a release whose audio is made up. Whoever changes one of these changes every copy that anybody
#: has of a release in that format: the reason belongs into CHANGELOG.md.
SHA256 = {
    "audiofolder": "9b1203b41f20374981516e143e2bb53680fc9ac74c10363740007c3d1a0e1b91",
    "clips": "aa314489dd6c7bd03553da62c69b5692871479d03d669757a361aa7a9b3fcbf1",
    "common-voice": "32cd65bf4c887b86eb84128f7f34faafc70a8b12d0b8bd72a227f16bd55fe85c",
    "deepspeech": "f68e9718b9490ba7ca53ca6b8525ff71946b7a2845473c53cbd65c855943298f",
    "kaldi": "2541b41b5a03c5ac9f99cb19b91cf26128a217357faa45787847f9a6851a04fb",
    "lhotse": "dd37e873f541b9348d582d3e3cb724ca297791c6d6639b3100198d34dd7d4822",
    "lhotse-shar": "95f8bcfebd20abcee9d35f823e61c66f16e79e1754c2bdd850610ddf103350c6",
    "librispeech": "8d49ff4f52fbf31eba8a9ebe068cbae9270e1072142777ea470e6cba359fdc7a",
    "ljspeech": "365a94501d32e7dd43c591d313771ba2f90f5e9e5c2e3b68201e916cf46496af",
    "nemo": "eaacd1b340bb41b2fc085e1b8b365c3c559eb16161bf33656c723887e6546219",
    "open-stt": "dc644cc643ed6f8f0e790b5d2d53a246bdf41129b2c123027bfe1cfcf996c654",
    "speech-commands": "5a3659a93b18c78077d24d7e78d4de4f00cdf5017b199f36c074c0778b383f15",
    "webdataset": "982e51277be0242fbfdd5a9375096dc36fcb14d8cd45d6a67a2a6fb0161c72ea",
}


def test_every_format_has_a_hash():
    # What pyarrow writes names its version.
    assert set(SHA256) == set(EXPORTERS) - {"parquet"}


@pytest.mark.parametrize("format_name", SHA256)
def test_an_export_is_the_bytes_that_it_was(format_name: str):
    assert hashlib.sha256(packed(rows_of(60), format_name)).hexdigest() == SHA256[format_name]
