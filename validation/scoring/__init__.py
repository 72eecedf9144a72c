"""Pre-scoring: how likely a clip says its prompt. Pure: knows neither the database nor HTTP."""

from validation.scoring.moonshine import Begun, Encoded, Moonshine, TextLikelihood, load
from validation.scoring.score import Kind, Score, score
from validation.scoring.tokenizer import Tokenizer
from validation.scoring.weights import MODEL_NAME, MODEL_SHA256, WeightsError

__all__ = [
    "MODEL_NAME",
    "MODEL_SHA256",
    "Begun",
    "Encoded",
    "Kind",
    "Moonshine",
    "Score",
    "TextLikelihood",
    "Tokenizer",
    "WeightsError",
    "load",
    "score",
]
