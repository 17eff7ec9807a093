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
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from crmsync.connectors.calls import TIMEOUT_S, Answer, AnswerLost
from crmsync.connectors.keeping import Keeper, Lasting
from crmsync.connectors.loopback import is_loopback, open_session, unreached, untrusted
from crmsync.connectors.salesforce.settings import Login
from crmsync.connectors.salesforce.tokens import TOKEN_PATH, can_ask, seconds_left, take
from crmsync.errors import AnswerBroken, Unavailable

# Names us in the change events of the org: developer.salesforce.com, Call Options (read 2026-11)
CALL_OPTIONS = {"Sforce-Call-Options": "client=crmsync"}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


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
        self._http = open_session(login.url, TIMEOUT_S, self._note, login.ca_bundle)
        self.secrets: list[str] = login.secrets
        self.instance_url = login.url
        first = None if login.renews else self._direct(login.token, login.url)
        self._keeper: Keeper[Any] = Keeper(self._take, tick, first, self._seconds_left)

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
        org = self._keeper.fresh()
        options: dict[str, Any] = {"headers": CALL_OPTIONS | (headers or {})}
        if path.startswith("/"):
            return self._answer(
                lambda: org.query_more(path, True, allow_redirects=False, **options)
            )
        options |= {"data": body, "allow_redirects": False}
        return self._answer(lambda: org.restful(path, params, method, **options))

    def renew(self) -> None:
        """Another token in place of the one this thread sent last, as the keeper does it."""
        self._keeper.renew()

    def close(self) -> None:
        """Gives back the connections."""
        self._http.close()

    def _seconds_left(self, org: Any) -> float | None:
        return seconds_left(self._login, self._post, org.session_id)

    def _take(self) -> Lasting[Any]:
        grant = take(self._login, self._post, self._now_s)
        self.secrets.append(grant.token)
        self.instance_url = self._instance(grant.instance_url)
        asks = can_ask(self._login) and not grant.told
        return Lasting(self._direct(grant.token, self.instance_url), grant.lives_s, asks)

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
