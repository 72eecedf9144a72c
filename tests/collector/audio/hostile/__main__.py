"""Write the corpus to a folder: ``python -m tests.collector.audio.hostile FOLDER``."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from tests.collector.audio.hostile import NO_BAIT, Bait, HostileFile, Sound, corpus


def line(hostile: HostileFile) -> str:
    """One line of the manifest: the path and what is expected."""
    expected = hostile.expected
    answer = vars(expected) if isinstance(expected, Sound) else expected
    return json.dumps({"path": hostile.path, "expected": answer})


def write(folder: Path, bait: Bait) -> int:
    """Write every file and ``manifest.jsonl``; the number of files."""
    files = corpus(bait)
    for hostile in files:
        path = folder / hostile.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(hostile.make())
    (folder / "manifest.jsonl").write_text("".join(line(file) + "\n" for file in files))
    return len(files)


def main() -> None:
    """Write the corpus where the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--bait-file", type=Path, default=NO_BAIT.file, help="references name it")
    parser.add_argument("--bait-port", type=int, default=NO_BAIT.port, help="on 127.0.0.1")
    asked = parser.parse_args()
    number = write(asked.folder, Bait(asked.bait_file.resolve(), asked.bait_port))
    print(f"{number} files in {asked.folder}")


if __name__ == "__main__":
    main()
