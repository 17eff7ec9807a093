"""Requests to one org through simple-salesforce in its direct mode, and tokens of our own.

Direct mode, because the library's own renewal loses the headers of the call it repeats, and can
recur without end (simple-salesforce 1.12.10, api.py, read 2026-11). Bodies are left as bytes
(`parse_result_to_json` is replaced on the object): they are parsed once, in `calls`.

Any number of threads may send. A token is replaced between requests, never under one: ahead of its
end, and after a 401, where all threads that met it share one renewal.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from crmsync.connectors.calls import TIMEOUT_S, Answer, AnswerLost
from crmsync.connectors.loopback import is_loopback, open_session, unreached, untrusted
from crmsync.connectors.salesforce.settings import Login
from crmsync.connectors.salesforce.tokens import (
    TOKEN_PATH,
    CredentialRefused,
    can_ask,
    seconds_left,
    take,
)
from crmsync.errors import AccessDenied, AnswerBroken, TryLater, Unavailable

# Names us in the change events of the org: developer.salesforce.com, Call Options (read 2026-11)
CALL_OPTIONS = {"Sforce-Call-Options": "client=crmsync"}
# Ahead of the end: longer than any one request may take (calls.TIMEOUT_S).
AHEAD_S = 300.0
# Before a renewal that failed, while the old token still serves, is tried again.
_AGAIN_S = 60.0
# Sessions of 15 minutes are the shortest there are (settings.py): runs that are over sooner need not ask.
_ASK_AFTER_S = 600.0
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class _Held:
    """A token in use: the client that sends it, and when to take another (None: never).

    `asks_at` is when to ask the org how long it lives, None if that is known or cannot be.
    """

    org: Any
    due: float | None = None
    asks_at: float | None = None


class Session:
    """One org's HTTP session. Holds a connection pool and the token of the moment."""

    def __init__(
        self, login: Login, now: datetime = _EPOCH, tick: Callable[[], float] = time.monotonic
    ) -> None:
        """`now` is the instant of opening, `tick` a clock that runs on from there."""
        self._login = login
        self._tick = tick
        self._began = (now.timestamp(), tick())
        self._mine = threading.local()
        self._lock = threading.Lock()
        self._http = open_session(login.url, TIMEOUT_S, self._note, login.ca_bundle)
        self._refused: tuple[Any, CredentialRefused] | None = None
        self.secrets: list[str] = login.secrets
        self.instance_url = login.url
        self._held: _Held | None = None
        if not login.renews:
            self._held = _Held(self._direct(login.token, login.url))

    @property
    def can_renew(self) -> bool:
        """True if a new token can be fetched."""
        return self._login.renews

    def send(
        self,
        method: str,
        path: str,
        *,
        params: dict[str, str] | None = None,
        body: bytes | None = None,
        headers: dict[str, str] | None = None,
    ) -> Answer:
        """The answer to one request, whatever its status.

        `path` follows `/services/data/vN/`, or is itself host-relative as `nextRecordsUrl` is.
        Raises Unavailable (nothing was sent), AnswerLost, AnswerBroken, Refused (no trust), AccessDenied.
        """
        org = self._fresh()
        options: dict[str, Any] = {"headers": CALL_OPTIONS | (headers or {})}
        if path.startswith("/"):
            return self._answer(
                lambda: org.query_more(path, True, allow_redirects=False, **options)
            )
        options |= {"data": body, "allow_redirects": False}
        return self._answer(lambda: org.restful(path, params, method, **options))

    def renew(self) -> None:
        """Takes a new token in place of the one this thread sent last, unless another thread did.

        AccessDenied if that is refused: it is asked once, since many refusals lock a user out.
        Whatever else goes wrong is Unavailable or TryLater: without a token nothing was sent.
        """
        sent = getattr(self._mine, "org", None)
        with self._lock:
            if sent is self._org():
                self._take()

    def close(self) -> None:
        """Gives back the connections."""
        self._http.close()

    def _fresh(self) -> Any:
        """The client of the token to send now: renewed, if its end is near."""
        with self._lock:
            held, now = self._held, self._tick()
            if held is None:
                self._take()
            elif held.due is not None and now >= held.due:
                self._take_ahead(held)
            elif held.asks_at is not None and now >= held.asks_at:
                self._held = self._known(held)
            self._mine.org = self._org()
            return self._mine.org

    def _org(self) -> Any:
        return None if self._held is None else self._held.org

    def _known(self, held: _Held) -> _Held:
        """The same token, with its end if the org tells it."""
        left = seconds_left(self._login, self._post, held.org.session_id)
        return replace(held, asks_at=None, due=held.due if left is None else self._due(left))

    def _take_ahead(self, held: _Held) -> None:
        """A new token before it is needed: if there is none to be had now, the old one still serves.

        After a refusal it serves to its end, and nobody asks again.
        """
        try:
            self._take()
        except CredentialRefused:
            self._held = _Held(held.org)
        except (AccessDenied, Unavailable, TryLater):
            self._held = _Held(held.org, self._tick() + _AGAIN_S)

    def _take(self) -> None:
        if self._refused is not None and self._refused[0] is self._org():
            said = self._refused[1]
            raise AccessDenied(said.message, remedy=said.remedy, where=said.where)
        try:
            grant = take(self._login, self._post, self._now_s)
        except CredentialRefused as refusal:
            self._refused = (self._org(), refusal)
            raise
        self.secrets.append(grant.token)
        self.instance_url = self._instance(grant.instance_url)
        asks = can_ask(self._login) and not grant.told
        self._held = _Held(
            self._direct(grant.token, self.instance_url),
            self._due(grant.lives_s),
            self._tick() + _ASK_AFTER_S if asks else None,
        )

    def _due(self, lives_s: float) -> float:
        return self._tick() + lives_s - min(AHEAD_S, lives_s / 2)

    def _now_s(self) -> float:
        opened, began = self._began
        return opened + self._tick() - began

    def _post(
        self, path: str, data: Any, *, auth: Any = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """The answer to a request for a token; it is Unavailable if none came, for nothing is lost then."""
        url = self._login.url + path
        try:
            return self._answer(
                lambda: self._http.post(
                    url, data=data, auth=auth, headers=headers, allow_redirects=False
                )
            )
        except (AnswerLost, AnswerBroken) as lost:
            raise Unavailable(f"no token: {lost.message}", where=TOKEN_PATH) from None

    def _direct(self, token: str, url: str) -> Any:
        org: Any = Salesforce(
            session_id=token,
            instance_url=url,
            session=self._http,
            version=self._login.api_version,
        )
        org.parse_result_to_json = lambda response: response.content
        return org

    def _instance(self, told: str) -> str:
        """The URL to work with: the org's own word, but a sandbox stays where it was found."""
        ours = self._login.url
        if is_loopback(ours) or urlsplit(told).scheme != "https":
            return ours
        return told

    def _note(self, response: requests.Response) -> None:
        self._mine.seen = response

    def _answer(self, request: Callable[[], Any]) -> Answer:
        self._mine.seen = None
        try:
            request()
        except SalesforceError:
            pass  # any status is an answer; the response was seen
        except requests.exceptions.SSLError:
            raise untrusted(self._login.url) from None
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ):
            raise AnswerBroken("the answer broke off") from None
        except requests.exceptions.RequestException as problem:
            raise _no_answer(problem, self._login.url) from None
        response = self._mine.seen
        if response is None:
            raise AnswerLost("no answer")
        headers = {name.lower(): value for name, value in response.headers.items()}
        return Answer(response.status_code, headers, response.content)


def _no_answer(problem: requests.exceptions.RequestException, url: str) -> Unavailable:
    """Unavailable if no connection was made, else AnswerLost."""
    cause = problem.args[0] if problem.args else None
    reason = cause.reason if isinstance(cause, MaxRetryError) else cause
    unmade = (requests.exceptions.ConnectTimeout, requests.exceptions.ProxyError)
    if isinstance(problem, unmade) or isinstance(reason, NewConnectionError):
        return unreached(url)
    return AnswerLost("no answer: the connection was lost or timed out")
