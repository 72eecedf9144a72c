"""SentencePiece BPE as Moonshine uses it, read from the model's `tokenizer.bin`.

Byte-pair merges after Sennrich et al. 2016 (https://aclanthology.org/P16-1162), in the form of
SentencePiece (Kudo and Richardson 2018, https://aclanthology.org/D18-2012): a space is the
character U+2581, and what the vocabulary does not know is spelled in bytes.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Final

UNKNOWN: Final = 0
BOS: Final = 1
EOS: Final = 2
FIRST_BYTE: Final = 3
FIRST_PIECE: Final = FIRST_BYTE + 256

SPACE: Final = "\u2581"
# No piece of the vocabulary reaches into the next word, so that words are merged one by one:
# the same tokens as over the whole text, in a time that grows with its length, not its square.
WORD: Final = re.compile(f"{SPACE}+[^{SPACE}]*")


class Tokenizer:
    """Turns text into token ids and back. Ids below `FIRST_PIECE` are control tokens or bytes."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        """`pieces`: the byte string of every token, in the order of the ids."""
        self._pieces = tuple(pieces)
        self._ids = {
            piece.decode("utf-8"): FIRST_PIECE + offset
            for offset, piece in enumerate(self._pieces[FIRST_PIECE:])
        }
        # Each clip of a campaign has the same keywords to be told from.
        self._ids_of_word = lru_cache(maxsize=4096)(self._merged)

    @classmethod
    def from_bytes(cls, data: bytes) -> "Tokenizer":
        """Reads the contents of a `tokenizer.bin`. Raises ValueError where it ends too early."""
        return cls(tuple(_pieces(data)))

    @property
    def pieces(self) -> tuple[bytes, ...]:
        """The byte string of every token, in the order of the ids."""
        return self._pieces

    def __len__(self) -> int:
        return len(self._pieces)

    def encode(self, text: str) -> list[int]:
        """Returns the ids of `text`, without BOS and EOS; of an empty text, none."""
        if not text:
            return []
        words = WORD.findall(SPACE + text.replace(" ", SPACE))
        return [token for word in words for token in self._ids_of_word(word)]

    def decode(self, tokens: Sequence[int]) -> str:
        """Returns the text of `tokens`; control tokens are left out, broken UTF-8 is replaced."""
        data = b"".join(self._pieces[token] for token in tokens if token >= FIRST_BYTE)
        text = data.decode("utf-8", errors="replace").replace(SPACE, " ")
        return text.removeprefix(" ")

    def _merged(self, word: str) -> tuple[int, ...]:
        symbols = list(word)
        while (best := self._best_merge(symbols)) is not None:
            symbols[best : best + 2] = [symbols[best] + symbols[best + 1]]
        return tuple(token for symbol in symbols for token in self._ids_of(symbol))

    def _best_merge(self, symbols: Sequence[str]) -> int | None:
        """The index of the leftmost pair whose merged piece has the lowest id, if any merges."""
        ranks = [
            (self._ids[left + right], index)
            for index, (left, right) in enumerate(pairwise(symbols))
            if left + right in self._ids
        ]
        return min(ranks)[1] if ranks else None

    def _ids_of(self, symbol: str) -> list[int]:
        if symbol in self._ids:
            return [self._ids[symbol]]
        return [FIRST_BYTE + byte for byte in symbol.encode("utf-8")]


def _pieces(data: bytes) -> Iterator[bytes]:
    """Each piece stands behind its length: one byte, or from 128 on two, the low seven bits first.

    With bytes a and b the length is b x 128 + a - 128.
    """
    position = 0
    while position < len(data):
        length = data[position]
        position += 1
        if length >= 128:
            if position == len(data):
                raise ValueError("The tokenizer's file ends inside a length.")
            length += data[position] * 128 - 128
            position += 1
        piece = data[position : position + length]
        if len(piece) < length:
            raise ValueError("The tokenizer's file ends inside a piece.")
        yield piece
        position += length
