"""The JSON schema of ``mutatenn.toml``, and each option's type and range in words."""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue
from pydantic_core import core_schema

from mutatenn.campaign.configuration.model import Configuration

DIALECT = "https://json-schema.org/draft/2020-12/schema"
WORDS = {"boolean": "true or false", "string": "a text", "array": "a list of texts"}
NUMBERS = {"integer": "a whole number", "number": "a number"}


class _Schema(GenerateJsonSchema):
    """Pydantic's, for a format without null: what has no default is left out instead."""

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        if schema.get("default") is None:
            return self.generate_inner(schema["schema"])
        return super().default_schema(schema)

    def generate(
        self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation"
    ) -> JsonSchemaValue:
        body = super().generate(schema, mode)
        for option in body["properties"].values():
            del option["title"]  # the key, with capitals
        body["description"] = "Options of `mutatenn-ir run`; see `mutatenn-ir config`."
        return {"$schema": DIALECT, **body, "title": "mutatenn.toml"}


def json_schema() -> dict[str, Any]:
    """The schema, draft 2020-12."""
    return Configuration.model_json_schema(schema_generator=_Schema)


@functools.cache
def _json_schema() -> str:
    return json.dumps(json_schema())


def properties() -> dict[str, dict[str, Any]]:
    """The part of the schema that describes the options, by key, in their order."""
    found: dict[str, dict[str, Any]] = json.loads(_json_schema())["properties"]
    return found


def takes(option: Mapping[str, Any]) -> str:
    """What an option takes, in words: ``a whole number, 1 or more``.

    Args:
        option: its part of the schema.
    """
    if "enum" in option:
        return " or ".join(option["enum"])
    kind = option["type"]
    if kind not in NUMBERS:
        return WORDS[kind]
    least, most = option.get("minimum"), option.get("maximum")
    if least is None:
        return NUMBERS[kind]
    limit = f", {least:g} or more" if most is None else f" from {least:g} to {most:.0f}"
    return NUMBERS[kind] + limit
