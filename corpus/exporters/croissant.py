"""A release as Croissant 1.1 describes data sets (MLCommons, JSON-LD), with the RAI vocabulary."""

from __future__ import annotations

import json
from typing import Any

from corpus.datasheet.sections import RAI
from corpus.exporters.contents import Contents

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "arrayShape": "cr:arrayShape",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
    "value": "cr:value",
}

_AUDIO = "audio-files"
_COLUMNS = {
    "id": "sc:Text",
    "split": "sc:Text",
    "text": "sc:Text",
    "kind": "sc:Text",
    "language": "sc:Text",
    "speaker": "sc:Text",
    "take": "sc:Integer",
    "duration": "sc:Float",
    "num_samples": "sc:Integer",
    "sha256": "sc:Text",
}


def describe(contents: Contents, manifest: str, manifest_sha256: str) -> str:
    """The JSON-LD of a release whose ``manifest`` (JSON lines) has the given hash."""
    return json.dumps(
        {
            "@context": _CONTEXT,
            "@type": "sc:Dataset",
            "conformsTo": [
                "http://mlcommons.org/croissant/1.1",
                "http://mlcommons.org/croissant/RAI/1.0",
            ],
            **_about(contents),
            **_responsibly(contents),
            "distribution": _distribution(manifest, manifest_sha256),
            "recordSet": [_record_set(manifest)],
        },
        ensure_ascii=False,
        indent=2,
    )


def _about(contents: Contents) -> dict[str, Any]:
    return {
        "name": contents.title,
        "description": contents.description,
        "url": contents.url,
        "license": f"https://spdx.org/licenses/{contents.licence}",
        "inLanguage": contents.language,
        "datePublished": contents.frozen_at.date().isoformat(),
        # Semantic versioning for data: what removes a clip is a major change.
        "version": f"{contents.version + contents.revision}.0.0",
        "citeAs": contents.citation or f"{contents.title}, {contents.name}. {contents.url}",
        "isLiveDataset": False,
    }


def _responsibly(contents: Contents) -> dict[str, Any]:
    """The datasheet's own words, under the names of the RAI vocabulary."""
    said = {section.code: section.text for section in contents.sheet}
    period = {"rai:dataCollectionTimeFrame": [f"{month}-01" for month in contents.months]}
    return {
        **{f"rai:{field}": said[code] for code, field in RAI.items() if code in said},
        **(period if contents.months else {}),
    }


def _distribution(manifest: str, manifest_sha256: str) -> list[dict[str, Any]]:
    return [
        {
            "@type": "cr:FileObject",
            "@id": manifest,
            "name": manifest,
            "contentUrl": manifest,
            "encodingFormat": "application/jsonlines",
            "sha256": manifest_sha256,
        },
        {
            "@type": "cr:FileSet",
            "@id": _AUDIO,
            "name": _AUDIO,
            # mlcroissant reads no FLAC itself: by the second name it hands over the bytes.
            "encodingFormat": ["audio/flac", "text/plain"],
            "includes": "audio/*.flac",
        },
    ]


def _record_set(manifest: str) -> dict[str, Any]:
    columns = [_column(manifest, name, kind) for name, kind in _COLUMNS.items()]
    return {
        "@type": "cr:RecordSet",
        "@id": "clips",
        "name": "clips",
        "key": {"@id": "clips/id"},
        "field": [*columns, _file_name(manifest), _audio()],
    }


def _column(manifest: str, name: str, kind: str) -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": f"clips/{name}",
        "name": name,
        "dataType": kind,
        "source": {"fileObject": {"@id": manifest}, "extract": {"column": name}},
    }


def _file_name(manifest: str) -> dict[str, Any]:
    """Joins the two: the file's name is what the manifest's column says."""
    return {
        "@type": "cr:Field",
        "@id": "clips/file_name",
        "name": "file_name",
        "dataType": "sc:Text",
        "source": {"fileSet": {"@id": _AUDIO}, "extract": {"fileProperty": "filename"}},
        "references": {"fileObject": {"@id": manifest}, "extract": {"column": "file_name"}},
    }


def _audio() -> dict[str, Any]:
    return {
        "@type": "cr:Field",
        "@id": "clips/audio",
        "name": "audio",
        "dataType": "sc:AudioObject",
        "source": {"fileSet": {"@id": _AUDIO}, "extract": {"fileProperty": "content"}},
    }
