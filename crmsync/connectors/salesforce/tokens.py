"""A new token, by the way that a login names: what is posted, and what the answer means.

Sends nothing itself: it is given `post`. Whatever goes wrong before there is a token has written nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC
from email.utils import parsedate_to_datetime
from html import escape, unescape
from typing import Any, Protocol
from urllib.parse import urlsplit

import orjson

from crmsync.connectors.calls import Answer
from crmsync.connectors.keeping import CredentialRefused
from crmsync.connectors.salesforce.keys import assertion
from crmsync.connectors.salesforce.problems import denied, translate
from crmsync.connectors.salesforce.settings import Login
from crmsync.connectors.salesforce.ways import CLIENT_CREDENTIALS, JWT, PASSWORD, SOAP
from crmsync.errors import TryLater, Unavailable

TOKEN_PATH = "/services/oauth2/token"  # noqa: S105  # a path, no secret
INTROSPECT_PATH = "/services/oauth2/introspect"
# What an org has unless its administrator chose otherwise: help.salesforce.com, Modify Session Security
# Settings (read 2026-11)
USUAL_SESSION_S = 7200.0
# SOAP login() is in no later version: help.salesforce.com 005132110 (read 2026-11). A session from it is
# good for REST of any version.
LAST_SOAP_LOGIN = 64
_JWT_GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
_SOAP_PATH = "/services/Soap/u/{version}.0"
# A clock this far off can make an assertion too old or too long: it lives for 3 minutes.
_CLOCK_OFF_S = 30.0


class Post(Protocol):
    """Sends a form, or a body, to a path of the org."""

    def __call__(
        self, path: str, data: Any, *, auth: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer, whatever its status. Unavailable if none came."""


@dataclass(frozen=True, slots=True)
class Grant:
    """A token, where to use it, and for how many seconds from now. `told` if somebody said how long."""

    token: str = field(repr=False)
    instance_url: str = ""
    lives_s: float = USUAL_SESSION_S
    told: bool = False


def take(login: Login, post: Post, now_s: Callable[[], float]) -> Grant:
    """A new token. AccessDenied if there is none to be had, CredentialRefused if that is the org's word for it;
    Unavailable or TryLater for whatever else goes wrong.

    `now_s` is our clock, in seconds of the epoch. Where it is wrong, an assertion is made a second time by
    the org's own.
    """
    return _WAYS[login.way](login, post, now_s)


def _client_credentials(login: Login, post: Post, _now_s: Callable[[], float]) -> Grant:
    form = {"grant_type": "client_credentials"}
    answer = post(TOKEN_PATH, form, auth=(login.client_id, login.client_secret))
    return _grant(login, answer)


def _jwt(login: Login, post: Post, now_s: Callable[[], float]) -> Grant:
    answer = post(TOKEN_PATH, _signed(login, now_s()))
    theirs = _date(answer)
    if answer.status == 400 and theirs and abs(theirs - now_s()) > _CLOCK_OFF_S:
        answer = post(TOKEN_PATH, _signed(login, theirs))
    return _grant(login, answer)


def _signed(login: Login, at: float) -> dict[str, str]:
    assert login.key is not None
    who = {"client_id": login.client_id, "username": login.username}
    text = assertion(login.key, audience=login.audience, at=at, **who)
    return {"grant_type": _JWT_GRANT, "assertion": text}


def _password(login: Login, post: Post, _now_s: Callable[[], float]) -> Grant:
    names = ("client_id", "client_secret", "username", "password")
    form = {"grant_type": "password", **{name: getattr(login, name) for name in names}}
    return _grant(login, post(TOKEN_PATH, form))


def _grant(login: Login, answer: Answer) -> Grant:
    """What a token endpoint gave; the errors of `take` for everything else."""
    told = _demand_granted(answer, TOKEN_PATH, login.way).json()
    if not isinstance(told, dict) or not isinstance(told.get("access_token"), str):
        raise Unavailable("no token: the answer holds none", where=TOKEN_PATH)
    lives_s = USUAL_SESSION_S if login.session_s is None else login.session_s
    left = lives_s - _age_s(answer, told.get("issued_at"))
    instance = str(told.get("instance_url") or "")
    is_told = login.session_s is not None
    return Grant(told["access_token"], instance, left if left > 0 else lives_s, is_told)


def _demand_granted(answer: Answer, path: str, way: str) -> Answer:
    if answer.status == 200:
        return answer
    problem, body = translate(answer, path), answer.json()
    if isinstance(problem, Unavailable | TryLater):
        raise problem
    refusal = denied(answer, path, way)
    if isinstance(body, dict) and body.get("error"):
        raise CredentialRefused(refusal.message, where=path, remedy=refusal.remedy)
    raise refusal


def _age_s(answer: Answer, issued_at: Any) -> float:
    """How old a token is that was just given, by the org's clock alone; 0 if it does not say.

    `issued_at` are milliseconds as a text: OAuth 2.0 Client Credentials Flow (read 2026-11).
    """
    now = _date(answer)
    if now is None or not str(issued_at).isdecimal():
        return 0.0
    return max(now - int(str(issued_at)) / 1000, 0.0)


def _date(answer: Answer) -> float | None:
    try:
        moment = parsedate_to_datetime(answer.headers.get("date", ""))
    except (TypeError, ValueError):
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def can_ask(login: Login) -> bool:
    """True if the org may be asked how long a token lives: that takes the secret of the app."""
    return bool(login.client_secret) and login.session_s is None


def seconds_left(login: Login, post: Post, token: str) -> float | None:
    """How long the org says that a token will live, None if it does not.

    Some orgs call a token that works inactive (salesforce.stackexchange.com 305477, read 2026-11), and an
    app may not be allowed to ask.
    """
    form = {
        "token": token,
        "token_type_hint": "access_token",
        "client_id": login.client_id,
        "client_secret": login.client_secret,
    }
    try:
        answer = post(INTROSPECT_PATH, form)
    except Unavailable:
        return None
    told, now = answer.json(), _date(answer)
    ends = told.get("exp") if isinstance(told, dict) and told.get("active") is True else None
    if answer.status != 200 or now is None or not isinstance(ends, int) or ends <= now:
        return None
    return ends - now


def _soap(login: Login, post: Post, _now_s: Callable[[], float]) -> Grant:
    version = min(int(float(login.api_version)), LAST_SOAP_LOGIN)
    path = _SOAP_PATH.format(version=version)
    headers = {"Content-Type": "text/xml; charset=UTF-8", "SOAPAction": "login"}
    body = _ENVELOPE.format(username=escape(login.username), password=escape(login.password))
    answer = post(path, body.encode(), headers=headers)
    text = answer.body.decode("utf-8", "replace")
    token = _element(text, "sessionId")
    if answer.status != 200 or not token:
        raise _soap_refusal(answer, text, path)
    server = urlsplit(_element(text, "serverUrl"))
    # The host of the API may have `-api` in its name, which the REST host has not: simple-salesforce
    # 1.12.10 login.py (read 2026-11)
    host = server.netloc.replace("-api", "")
    instance = f"{server.scheme}://{host}" if host else ""
    valid = _element(text, "sessionSecondsValid")
    told = login.session_s or (float(valid) if valid.isdecimal() else 0.0)
    return Grant(token, instance, told or USUAL_SESSION_S, bool(told))


def _soap_refusal(answer: Answer, text: str, path: str) -> Exception:
    """A fault comes with status 500, and is yet no failure of the server."""
    code = _element(text, "exceptionCode")
    if not code:
        return translate(answer, path) if answer.status >= 500 else denied(answer, path, SOAP)
    body = {"errorCode": code, "message": _element(text, "exceptionMessage")}
    refusal = denied(Answer(answer.status, answer.headers, orjson.dumps([body])), path, SOAP)
    return CredentialRefused(refusal.message, where=path, remedy=refusal.remedy)


def _element(text: str, name: str) -> str:
    """The text of the first element of that name, whatever its prefix."""
    found = re.search(rf"<(?:\w+:)?{name}[^>/]*>([^<]*)<", text)
    return unescape(found[1]).strip() if found else ""


_ENVELOPE = (
    '<?xml version="1.0" encoding="utf-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"'
    ' xmlns:urn="urn:partner.soap.sforce.com"><soapenv:Body><urn:login>'
    "<urn:username>{username}</urn:username><urn:password>{password}</urn:password>"
    "</urn:login></soapenv:Body></soapenv:Envelope>"
)
_WAYS: Mapping[str, Callable[[Login, Post, Callable[[], float]], Grant]] = {
    CLIENT_CREDENTIALS: _client_credentials,
    JWT: _jwt,
    PASSWORD: _password,
    SOAP: _soap,
}
