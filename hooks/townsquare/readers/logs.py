"""Access logs: which format one has, and how its lines become requests, in DuckDB's SQL.

Every format's query takes `lines` (one column, `line`) and gives the columns of `REQUESTS`; the
time of a line that is none is NULL.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from townsquare.readers.contents import LONGEST_LINE
from townsquare.readers.figures import COMMON, LOG

UNNAMED = "?"
"""The agent of every request in a log that names none."""


class Format(NamedTuple):
    """How a log is read: `source` is what its figures say of their origin."""

    name: str
    source: str
    query: str


# https://httpd.apache.org/docs/current/mod/mod_log_config.html#examples; quotes are escaped as \".
_QUOTED = r'"((?:[^"\\]|\\.)*)"'
_BEGINNING = r'^(\S+) \S+ [^\[]*\[([^\]]*)\] "([A-Z]+) ((?:[^"\\ ]|\\.)*)[^"]*" (\d{3}) \S+'
_COMMON_LINE = _BEGINNING + r"\r?$"
_COMBINED_LINE = f"{_BEGINNING} {_QUOTED} {_QUOTED}"
_WRITTEN_TIME = "%d/%b/%Y:%H:%M:%S %z"


def format_of(beginning: bytes) -> Format | None:
    """The format of a log that begins so; none where no line of it is known."""
    for line in beginning.decode("utf-8", "replace").splitlines():
        if line.startswith("#Fields:"):
            return _cloudfront(line.removeprefix("#Fields:").split())
        if line.startswith('{"'):
            return Format("Caddy JSON", LOG, _CADDY)
        if re.match(_COMBINED_LINE, line):
            return Format("Combined Log Format", LOG, _apache(_COMBINED_LINE, "referrer", "agent"))
        if re.match(_COMMON_LINE, line):
            return Format("Common Log Format", COMMON, _apache(_COMMON_LINE))
    return None


def _apache(pattern: str, *more: str) -> str:
    columns = ("address", "time", "method", "path", "status", *more)
    names = ", ".join(f"'{column}'" for column in columns)
    others = "l.referrer, l.agent" if more else f"'' AS referrer, '{UNNAMED}' AS agent"
    return f"""
        SELECT try_strptime(l.time, '{_WRITTEN_TIME}') AT TIME ZONE 'UTC' AS time,
               l.method, l.path, try_cast(l.status AS INTEGER) AS status, l.address, {others}
        FROM (SELECT regexp_extract(line, {_literal(pattern)}, [{names}]) AS l FROM lines
              WHERE length(line) <= {LONGEST_LINE})
    """  # noqa: S608 - nothing of a log is part of it


# https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
# Values are percent-encoded, agents twice.
_CLOUDFRONT = {
    "method": "cs-method",
    "path": "cs-uri-stem",
    "status": "sc-status",
    "address": "c-ip",
    "referrer": "cs(Referer)",
    "agent": "cs(User-Agent)",
}


def _cloudfront(fields: list[str]) -> Format | None:
    if not {"date", "time", *_CLOUDFRONT.values()} <= set(fields):
        return None
    at = {field: f"l[{number}]" for number, field in enumerate(fields, 1)}
    text = {name: at[field] for name, field in _CLOUDFRONT.items()}
    query = f"""
        SELECT try_strptime({at["date"]} || ' ' || {at["time"]}, '%Y-%m-%d %H:%M:%S') AS time,
               {text["method"]} AS method, {text["path"]} AS path,
               try_cast({text["status"]} AS INTEGER) AS status, {text["address"]} AS address,
               {_decoded(text["agent"])} AS agent, {_decoded(text["referrer"])} AS referrer
        FROM (SELECT string_split(rtrim(line, chr(13)), chr(9)) AS l FROM lines
              WHERE length(line) <= {LONGEST_LINE} AND NOT starts_with(line, '#'))
    """  # noqa: S608 - of the log's head, only which column is which
    return Format("CloudFront", LOG, query)


def _decoded(value: str) -> str:
    return f"url_decode(url_decode({value}))"


# https://caddyserver.com/docs/caddyfile/directives/log
_HEADERS = "$.request.headers"
_CADDY = f"""
    SELECT coalesce(make_timestamp((try_cast(l ->> '$.ts' AS DOUBLE) * 1000000)::BIGINT),
                    try_cast(l ->> '$.ts' AS TIMESTAMPTZ) AT TIME ZONE 'UTC') AS time,
           l ->> '$.request.method' AS method, l ->> '$.request.uri' AS path,
           try_cast(l ->> '$.status' AS INTEGER) AS status,
           coalesce(l ->> '$.request.client_ip', l ->> '$.request.remote_ip', '') AS address,
           coalesce(l ->> '{_HEADERS}.User-Agent[0]', '') AS agent,
           coalesce(l ->> '{_HEADERS}.Referer[0]', '') AS referrer
    FROM (SELECT try_cast(line AS JSON) AS l FROM lines WHERE length(line) <= {LONGEST_LINE})
"""  # noqa: S608 - nothing of a log is part of it


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
