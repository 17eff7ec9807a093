"""Cassettes: what is kept of a conversation, without secrets, hosts and headers of the moment.

A cassette says at its top where it was recorded: `recorded: sandbox` or `recorded: live`, and when.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import orjson
import vcr
import yaml

TAPES = Path(__file__).parent / "tapes"
HOSTS = {
    "salesforce": "https://recorded.my.salesforce.example",
    "hubspot": "https://recorded.hubspot.example",
}
TOKEN = "TOKEN"  # what stands in place of one
KEPT_HEADERS = frozenset(
    (
        "content-type",
        "sforce-limit-info",
        "sforce-locator",
        "sforce-numberofrecords",
        "location",
        "x-hubspot-ratelimit-daily",
        "x-hubspot-ratelimit-daily-remaining",
    )
)
# A search for changes goes up to this moment, which is another one each time.
_SEARCH, _INSTANT = re.compile(r"/search$"), re.compile(rb'"\d{13}"')
_SENT_HEADERS = frozenset(
    ("content-type", "accept", "sforce-auto-assign", "sforce-call-options", "sforce-query-options")
)
_SECRET = re.compile(
    r'("(?:access_token|refresh_token|id_token|signature|client_id|username|token|user)"\s*:\s*)"[^"]*"'
)
_FORM = re.compile(
    r"(?<![^&?])(client_secret|client_id|password|assertion|refresh_token|token|code|username)=[^&]*"
)
# Of the answer to a SOAP login, too: who signed in, and for which company.
_ELEMENT = re.compile(
    r"(<(?:\w+:)?(?:sessionId|password|username|userName|userEmail|userFullName|organizationName)"
    r"(?:\s[^>]*)?>)[^<]*"
)
_HOST = re.compile(r"https://[\w.-]+\.(?:salesforce|force)\.com")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


class Marked:
    """YAML with the mark of where it was recorded, as vcrpy wants a serializer to be."""

    def __init__(self, recorded: str, day: date) -> None:
        self._mark = {"recorded": recorded, "on": day.isoformat()}

    def serialize(self, kept: dict[str, Any]) -> str:
        """The text of a cassette."""
        return yaml.safe_dump(
            {**self._mark, **kept}, allow_unicode=True, width=110, sort_keys=False
        )

    def deserialize(self, text: str) -> Any:
        """What vcrpy kept."""
        return yaml.safe_load(text)


@contextmanager
def recording(kind: str, name: str, url: str, recorded: str, day: date) -> Iterator[Path]:
    """Keeps what is said to `url` while the block runs, in a cassette; gives its path."""
    path = TAPES / kind / f"{name}.yaml"
    path.unlink(missing_ok=True)
    tape = _vcr(kind, Marked(recorded, day), urlsplit(url).netloc)
    with tape.use_cassette(str(path), record_mode="all"):
        yield path


@contextmanager
def playing(kind: str, name: str) -> Iterator[Any]:
    """Answers from a cassette while the block runs; what is not on it is an error."""
    tape = _vcr(kind, Marked("", date.min), "")
    with tape.use_cassette(str(TAPES / kind / f"{name}.yaml"), record_mode="none") as cassette:
        yield cassette


def _vcr(kind: str, serializer: Marked, netloc: str) -> Any:
    tape = vcr.VCR(
        serializer="marked",
        match_on=("method", "path", "query", "body"),
        decode_compressed_response=True,
        filter_query_parameters=("start", "end"),  # of getDeleted: the moment it was asked
        before_record_request=lambda request: sent(request, HOSTS[kind]),
        before_record_response=lambda answer: got(answer, HOSTS[kind], netloc),
    )
    tape.register_serializer("marked", serializer)
    return tape


def sent(request: Any, host: str) -> Any:
    """A request as it is kept: without what opens an org, and without its host."""
    parts = urlsplit(request.uri)
    signs_in = any(each in parts.path for each in ("/oauth2/", "/oauth/", "/Soap/"))
    query = _FORM.sub(rf"\1={TOKEN}", parts.query) if signs_in else parts.query
    request.uri = host + parts._replace(scheme="", netloc="", query=query).geturl()
    kept = {name: text for name, text in request.headers.items() if name.lower() in _SENT_HEADERS}
    request.headers = {**kept, "Authorization": f"Bearer {TOKEN}"}
    if request.body and signs_in:
        form = _FORM.sub(rf"\1={TOKEN}", request.body.decode())
        request.body = _ELEMENT.sub(rf"\1{TOKEN}", form).encode()
    if request.body and _SEARCH.search(parts.path):
        request.body = _INSTANT.sub(b'"0"', bytes(request.body))
    return request


def got(answer: dict[str, Any], host: str, netloc: str) -> dict[str, Any]:
    """An answer as it is kept; one that is played (no `netloc`) stays as it is."""
    if not netloc:
        return answer
    headers = {n: v for n, v in sorted(answer["headers"].items()) if n.lower() in KEPT_HEADERS}
    text = answer["body"]["string"].decode()
    text = _SECRET.sub(rf'\1"{TOKEN}"', text)
    text = _ELEMENT.sub(rf"\1{TOKEN}", text)
    text = re.sub(rf"https?://{re.escape(netloc)}", host, text)
    text = _HOST.sub(host, text)
    return {**answer, "headers": headers, "body": {"string": _compact(text)}}


def _compact(text: str) -> str:
    """JSON without its line breaks, other text as it is."""
    try:
        return orjson.dumps(orjson.loads(text)).decode()
    except orjson.JSONDecodeError:
        return text


def addresses(text: str) -> set[str]:
    """E-mail addresses in a text."""
    return set(_ADDRESS.findall(text))
