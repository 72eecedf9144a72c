"""The tokenizer follows SentencePiece BPE to the letter."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from validation.scoring import weights
from validation.scoring.tokenizer import EOS, FIRST_BYTE, FIRST_PIECE, SPACE, Tokenizer

TOKENIZER = Tokenizer.from_bytes(weights.read().tokenizer)
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters=SPACE), max_size=40)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("", []),
        ("Hello world.", [15043, 3186, 29889]),
        ("computer", [6601]),
        ("hey chatterbox", [540, 29891, 521, 2620, 1884]),
        (" a  b", [259, 29874, 259, 29890]),
        ("\u00e9", [904]),
    ],
)
def test_known_texts_have_known_tokens(text: str, tokens: list[int]) -> None:
    assert TOKENIZER.encode(text) == tokens


@pytest.mark.parametrize("char", ["\U0001f409", "\u265e", "\x00"])
def test_an_unknown_character_is_spelled_in_bytes(char: str) -> None:
    tokens = TOKENIZER.encode(char)[1:]
    assert bytes(token - FIRST_BYTE for token in tokens) == char.encode("utf-8")


def test_the_lowest_id_merges_first_and_of_equals_the_leftmost() -> None:
    merges = ["aa", "ab", "a", "b", SPACE]
    toy = Tokenizer(
        [b"<unk>", b"<s>", b"</s>", *(bytes([byte]) for byte in range(256))]
        + [piece.encode() for piece in merges]
    )
    space, aa, ab, a = 263, 259, 260, 261
    assert toy.encode("aaa") == [space, aa, a]
    assert toy.encode("aab") == [space, aa, 262]
    assert toy.encode("bab") == [space, 262, ab]


@given(TEXTS)
@settings(database=None, deadline=None)
def test_decoding_undoes_encoding(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text)) == text


def test_control_tokens_and_broken_bytes_do_not_break_decoding() -> None:
    assert TOKENIZER.decode([1, 15043, EOS]) == "Hello"
    assert TOKENIZER.decode([FIRST_BYTE + 0xE2]) == "\ufffd"


def test_the_vocabulary_is_whole() -> None:
    assert len(TOKENIZER) == 32_768


def test_no_piece_reaches_into_the_next_word() -> None:
    """Words are merged one by one because of this."""
    pieces = [TOKENIZER.decode([token]) for token in range(FIRST_PIECE, len(TOKENIZER))]
    assert not [piece for piece in pieces if " " in piece.strip(" ")]
    assert not [piece for piece in pieces if piece.strip(" ") and piece.endswith(" ")]


def test_lengths_from_128_take_two_bytes() -> None:
    control = b"".join(bytes([1]) + b"x" for _ in range(259))
    long = b"y" * 300
    read = Tokenizer.from_bytes(control + bytes([300 % 128 + 128, 300 // 128]) + long)
    assert read.decode([259]) == long.decode()


@pytest.mark.parametrize("data", [b"\x05abc", b"\x01a\xc8"])
def test_a_file_cut_short_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match="ends inside"):
        Tokenizer.from_bytes(data)
