"""JSON Feed 1.1 as a JSON Schema, written from https://www.jsonfeed.org/version/1.1/."""

from __future__ import annotations

from typing import Any

_TEXT = {"type": "string", "minLength": 1}
_URL = {"type": "string", "format": "uri", "pattern": "^https?://"}
_STAMP = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$",
}
_AUTHORS = {
    "type": "array",
    "minItems": 1,
    "items": {
        "type": "object",
        "properties": {"name": _TEXT, "url": {"type": "string"}, "avatar": _URL},
        # "If you provide an author object, then at least one is required."
        "minProperties": 1,
        "additionalProperties": False,
    },
}
_ATTACHMENT = {
    "type": "object",
    "required": ["url", "mime_type"],
    "properties": {
        "url": _URL,
        "mime_type": {"type": "string", "pattern": "^[a-z]+/[a-z0-9.+-]+$"},
        "title": _TEXT,
        "size_in_bytes": {"type": "integer", "minimum": 1},
        "duration_in_seconds": {"type": "integer", "minimum": 1},
    },
    "additionalProperties": False,
}
_ITEM = {
    "type": "object",
    "required": ["id"],
    # "One or both of content_html and content_text must be present."
    "anyOf": [{"required": ["content_html"]}, {"required": ["content_text"]}],
    "properties": {
        "id": _TEXT,
        "url": _URL,
        "external_url": _URL,
        "title": _TEXT,
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": _TEXT,
        "image": _URL,
        "banner_image": _URL,
        "date_published": _STAMP,
        "date_modified": _STAMP,
        "authors": _AUTHORS,
        "tags": {"type": "array", "items": _TEXT},
        "language": _TEXT,
        "attachments": {"type": "array", "items": _ATTACHMENT},
    },
    "additionalProperties": False,
}
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": _TEXT,
        "home_page_url": _URL,
        "feed_url": _URL,
        "description": _TEXT,
        "user_comment": _TEXT,
        "next_url": _URL,
        "icon": _URL,
        "favicon": _URL,
        "authors": _AUTHORS,
        "language": _TEXT,
        "expired": {"type": "boolean"},
        "hubs": {"type": "array"},
        "items": {"type": "array", "items": _ITEM},
    },
    "additionalProperties": False,
}
