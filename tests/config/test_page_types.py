"""What the pages believe of the API's answers is what its schema says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.test import Client

TEXT = (Path(__file__).parents[2] / "frontend" / "api" / "types.ts").read_text("utf-8")
INTERFACE = re.compile(
    r"(?:@schema (?P<schema>\w+)\} \*/\n)?"
    r"export interface (?P<name>\w+)[^{\n]*\{\n(?P<body>.*?)\n\}",
    re.S,
)
FIELD = re.compile(r"^  (?P<name>\w+)(?P<optional>\??): (?P<type>.+);$", re.M)
CHOICES = re.compile(r'^export type (?P<name>\w+) =(?P<values>[\s|]+"[^;]+);$', re.M)
COMMENT = re.compile(r"/\*.*?\*/", re.S)
# A header of the pages' own making, and the envelope of all lists.
NO_ANSWERS = {"Capture", "Page"}

INTERFACES = {found["name"]: found for found in INTERFACE.finditer(TEXT)}
ALL_CHOICES = {
    found["name"]: set(re.findall(r'"(\w+)"', found["values"])) for found in CHOICES.finditer(TEXT)
}


@dataclass(frozen=True)
class Value:
    """What may stand in a field: a kind of JSON's, null or not, and which words."""

    kind: str
    may_be_null: bool
    words: frozenset[str] | None = None


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    content = yaml.safe_load(Client().get("/api/schema/").content)
    return content["components"]["schemas"]


def said_of(field: dict[str, Any], schemas: dict[str, Any]) -> Value:
    """By the schema."""
    parts = field.get("allOf") or field.get("oneOf") or []
    if "$ref" in field:
        parts = [schemas[field["$ref"].rsplit("/", 1)[-1]]]
    is_nullable = field.get("nullable", False)
    if not parts:
        kind = field.get("type", "null").replace("integer", "number")
        words = frozenset(map(str, field["enum"])) if "enum" in field else None
        return Value(kind, is_nullable, words)
    values = [said_of(part, schemas) for part in parts]
    (value,) = [value for value in values if value.kind != "null"]
    return Value(value.kind, is_nullable or len(values) > 1, value.words)


def believed_of(type_: str) -> Value:
    """By the page."""
    *parts, last = [part.strip() for part in type_.split("|")]
    is_nullable = last == "null"
    first = parts[0] if parts else last
    if first.endswith("[]"):
        return Value("array", is_nullable)
    if first.startswith("{") or re.sub(r"Partial<(\w+)>", r"\1", first) in INTERFACES:
        return Value("object", is_nullable)
    if first in {"string", "number", "boolean"}:
        return Value(first, is_nullable)
    words = ALL_CHOICES.get(first) or {part.strip('"') for part in (*parts, last)}
    return Value("string", is_nullable, frozenset(words - {"null"}))


def test_the_pages_hold_answers_to_be_as_the_schema_says(schemas: dict[str, Any]) -> None:
    assert len(INTERFACES) > 20 and len(ALL_CHOICES) > 5
    for name, interface in INTERFACES.items():
        if name not in NO_ANSWERS:
            _check(interface, schemas[interface["schema"]], schemas)


def _check(interface: re.Match[str], said: dict[str, Any], schemas: dict[str, Any]) -> None:
    is_answer = interface["schema"].endswith("Out")
    required, known = set(said.get("required", ())), set()
    for field in FIELD.finditer(COMMENT.sub("", interface["body"])):
        where = f"{interface['name']}.{field['name']} of {interface['schema']}"
        assert field["name"] in said["properties"], where
        value = said_of(said["properties"][field["name"]], schemas)
        believed = believed_of(field["type"])
        assert believed.kind == value.kind, where
        assert believed.words is None or believed.words == value.words, where
        if is_answer:
            assert believed.may_be_null >= value.may_be_null, where
            assert field["optional"] or field["name"] in required, where
        else:
            assert believed.may_be_null <= value.may_be_null, where
            known |= set() if field["optional"] else {field["name"]}
    assert is_answer or required <= known, interface["name"]
