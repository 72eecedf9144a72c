"""``README.md`` in every export: the datasheet, how to load it, and how to cite it.

It is the same in all revisions of a release, so that a copy which is brought up to date by hand
is that of a fresh download. Its head is the metadata of a Hugging Face dataset card.
"""

from __future__ import annotations

import json

from corpus.exporters.contents import Contents
from corpus.exporters.files import ArchiveFile, Exporter

NAME = "README.md"


def readme_file(contents: Contents, exporter: Exporter) -> ArchiveFile:
    """The file; its size and hash are known at once."""
    return ArchiveFile.of_lines(NAME, lambda: [readme(contents, exporter)])


def readme(contents: Contents, exporter: Exporter) -> str:
    """Markdown, in English."""
    head = (
        "---\n"
        f"pretty_name: {json.dumps(contents.title, ensure_ascii=False)}\n"
        f"license: {contents.licence.lower()}\n"
        f"language: [{contents.language}]\n"
        "---\n"
    )
    sections = "\n".join(f"## {each.title}\n\n{each.text}\n" for each in contents.sheet)
    return (
        f"{head}\n# {contents.title}, version {contents.version}\n\n"
        f"{exporter.label}: {exporter.description}\n\n"
        f"The present revision, its figures and all other formats: <{contents.url}>\n\n"
        f"## How is it loaded?\n\n```python\n{exporter.usage}\n```\n\n"
        "`sha256sum --check SHA256SUMS` checks that the copy is whole.\n\n"
        f"{sections}\n"
        f"## How is it cited?\n\n{contents.citation}\n\n```bibtex\n{contents.bibtex}\n```"
    )
