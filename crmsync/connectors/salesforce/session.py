"""Requests to one org through simple-salesforce in its direct mode, and tokens of our own.

Direct mode, because the library's own renewal loses the headers of the call it repeats, and can
recur without end (simple-salesforce 1.12.10, api.py, read 2026-11). Bodies are left as bytes
(`parse_result_to_json` is replaced on the object): they are parsed once, in `calls`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import requests
from simple_salesforce.api import Salesforce
from simple_salesforce.exceptions import SalesforceError
from urllib3.exceptions import MaxRetryError, NewConnectionError

from crmsync.connectors.calls import TIMEOUT_S, Answer, AnswerLost
from crmsync.connectors.loopback import is_loopback, open_session, unreached
from crmsync.connectors.salesforce.problems import denied, translate
from crmsync.errors import AnswerBroken, Refused, TryLater, Unavailable

API_VERSION = "67.0"  # Summer '26: developer.salesforce.com, API versions (read 2026-11)
TOKEN_PATH = "/services/oauth2/token"  # noqa: S105  # a path, no secret
# Names us in the change events of the org: developer.salesforce.com, Call Options (read 2026-11)
CALL_OPTIONS = {"Sforce-Call-Options": "client=crmsync"}


@dataclass(frozen=True, slots=True)
class Login:
    """How to get in: a token, or the id and secret of an app for the client credentials flow."""

    url: str
    token: str = field(default="", repr=False)
    client_id: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    api_version: str = API_VERSION


class Session:
    """One org's HTTP session. Holds a connection pool and the token of the moment."""

    def __init__(self, login: Login) -> None:
        self._login = login
        self._seen: list[requests.Response] = []
        self._http = open_session(login.url, TIMEOUT_S, self._seen.append)
        self._org: Any = self._direct(login.token, login.url) if login.token else None
        self.secrets: list[str] = [text for text in (login.token, login.client_secret) if text]
        self.instance_url = login.url

    @property
    def can_renew(self) -> bool:
        """True if a new token can be fetched."""
        return bool(self._login.client_id and not self._login.token)

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
        Raises Unavailable (nothing was sent), AnswerLost, AnswerBroken, Refused (no trust).
        """
        if self._org is None:
            self.renew()
        org = self._org
        options: dict[str, Any] = {"headers": CALL_OPTIONS | (headers or {})}
        if path.startswith("/"):
            return self._answer(
                lambda: org.query_more(path, True, allow_redirects=False, **options)
            )
        options |= {"data": body, "allow_redirects": False}
        return self._answer(lambda: org.restful(path, params, method, **options))

    def renew(self) -> None:
        """Takes a new token by client credentials; AccessDenied if that is refused or impossible.

        Whatever else goes wrong is Unavailable or TryLater: without a token nothing was sent yet.
        """
        answer = self._token_answer()
        told = answer.json()
        if answer.status != 200:
            problem = translate(answer, TOKEN_PATH)
            raise (
                problem
                if isinstance(problem, Unavailable | TryLater)
                else denied(answer, TOKEN_PATH)
            )
        if not isinstance(told, dict) or not told.get("access_token"):
            raise Unavailable("no token: the answer holds none", where=TOKEN_PATH)
        self.secrets.append(told["access_token"])
        self.instance_url = self._instance(told.get("instance_url"))
        self._org = self._direct(told["access_token"], self.instance_url)

    def _token_answer(self) -> Answer:
        try:
            return self._answer(
                lambda: self._http.post(
                    self._login.url.rstrip("/") + TOKEN_PATH,
                    data={"grant_type": "client_credentials"},
                    auth=(self._login.client_id, self._login.client_secret),
                    allow_redirects=False,
                )
            )
        except (AnswerLost, AnswerBroken) as lost:
            raise Unavailable(f"no token: {lost.message}", where=TOKEN_PATH) from None

    def close(self) -> None:
        """Gives back the connections."""
        self._http.close()

    def _direct(self, token: str, url: str) -> Any:
        org: Any = Salesforce(
            session_id=token,
            instance_url=url,
            session=self._http,
            version=self._login.api_version,
        )
        org.parse_result_to_json = lambda response: response.content
        return org

    def _instance(self, told: Any) -> str:
        """The URL to work with: the org's own word, but a sandbox stays where it was found."""
        ours = self._login.url
        if is_loopback(ours) or not isinstance(told, str) or urlsplit(told).scheme != "https":
            return ours
        return told

    def _answer(self, request: Any) -> Answer:
        seen = self._seen
        seen.clear()
        try:
            request()
        except SalesforceError:
            pass  # any status is an answer; the response was seen
        except requests.exceptions.SSLError:
            raise Refused(
                "the server's certificate is not trusted",
                remedy="Set REQUESTS_CA_BUNDLE to your company's CA bundle.",
            ) from None
        except (
            requests.exceptions.ChunkedEncodingError,
            requests.exceptions.ContentDecodingError,
        ):
            raise AnswerBroken("the answer broke off") from None
        except requests.exceptions.RequestException as problem:
            raise _no_answer(problem, self._login.url) from None
        if not seen:
            raise AnswerLost("no answer")
        response = seen[-1]
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
