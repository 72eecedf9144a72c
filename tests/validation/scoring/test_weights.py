"""The weights are the ones the scores were calibrated on, or none."""

import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from validation.scoring import weights
from validation.scoring.weights import WeightsError


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for name in weights.SHA256:
        shutil.copy(weights.find() / name, tmp_path)
    return tmp_path


def test_the_installed_weights_pass_the_check() -> None:
    found = weights.read()
    sizes = {name: (found.folder / name).stat().st_size for name in weights.SHA256}
    assert sizes[weights.ENCODER] == 13_281_600
    assert sizes[weights.DECODER] == 30_412_256
    assert len(found.tokenizer) == sizes[weights.TOKENIZER] == 249_974


@pytest.mark.parametrize("name", list(weights.SHA256))
def test_one_changed_bit_is_refused(copied: Path, name: str) -> None:
    data = bytearray((copied / name).read_bytes())
    data[len(data) // 2] ^= 1
    (copied / name).write_bytes(data)
    with pytest.raises(WeightsError, match=rf"{name} has been altered.*pip install"):
        weights.read(copied)


def test_a_missing_file_names_the_remedy(copied: Path) -> None:
    (copied / weights.TOKENIZER).unlink()
    with pytest.raises(
        WeightsError, match=r"tokenizer\.bin.*pip install.*moonshine-voice==0\.0\.73"
    ):
        weights.read(copied)


def test_a_missing_wheel_names_the_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> None:
        raise PackageNotFoundError(name)

    monkeypatch.setattr(weights, "distribution", absent)
    with pytest.raises(WeightsError, match=r"not installed.*pip install"):
        weights.read()


def test_the_package_of_the_weights_is_never_imported() -> None:
    code = (
        "import sys; from validation.scoring import load; load();"
        "sys.exit('moonshine_voice' in sys.modules)"
    )
    root = Path(__file__).parents[3]
    assert subprocess.run([sys.executable, "-c", code], cwd=root, check=False).returncode == 0
