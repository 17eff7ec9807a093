"""Requests to one portal through hubspot-api-client, without its models and its retry, and tokens of our own.

One ApiClient serves all its API objects: the client builds a new pool at every attribute access
otherwise. Bodies stay bytes (`_preload_content=False`), which is 18 times as fast as its models and
keeps fields they do not know (hubspot-api-client 12.0.0, measured 2026-11).

Any number of threads may send. Every request carries the token that its thread was given for it; a token of an OAuth
app is replaced between requests, ahead of its end: HubSpot says that a 401 is no way to notice it (usage guidelines,
read 2026-11), though one is survived.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import orjson
from hubspot import Client
from hubspot.crm.objects import ApiClient, Configuration
from hubspot.crm.objects.exceptions import ApiException, OpenApiException
from urllib3 import HTTPHeaderDict, Timeout
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from crmsync.connectors.calls import TIMEOUT_S, Answer, AnswerLost
from crmsync.connectors.hubspot.paths import ACCOUNT, path_in
from crmsync.connectors.hubspot.settings import Login
from crmsync.connectors.hubspot.tokens import TOKEN_CALL, scopes_of, take
from crmsync.connectors.keeping import Keeper, Lasting
from crmsync.connectors.loopback import is_loopback, surroundings, unreached, untrusted
from crmsync.errors import AnswerBroken, Unavailable
from crmsync.language import N_, _

ROTATED = N_(
    "{system}: HubSpot gave another refresh token in place of the one in the settings. It serves this run and is kept "
    "nowhere: if the next one is refused, authorise the app again."
)
Query = Sequence[tuple[str, str]]


class Session:
    """One portal's API objects over one connection pool, and the token of the moment.

    `tell` hears what a person should know of tokens, in their language.
    """

    def __init__(
        self, system: str, login: Login, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._system = system
        self._login = login
        self._url = login.url
        self._refresh_token = login.refresh_token
        self.secrets = login.secrets
        self.tell: Callable[[str], None] = lambda _text: None
        self._keeper = Keeper(self._take, tick, None if login.renews else login.token)
        self._client = _api_client(login, self._keeper)
        client = Client.create(
            api_factory=lambda package, name, _config: getattr(package, name)(self._client),
        )
        self.objects = client.crm.objects.basic_api
        self.batches = client.crm.objects.batch_api
        self.searches = client.crm.objects.search_api
        self.ties = client.crm.associations.v4.batch_api
        self.labels = client.crm.associations.v4.schema.definitions_api
        self.properties = client.crm.properties.core_api
        self.pipelines = client.crm.pipelines.pipelines_api
        self.owners = client.crm.owners.owners_api

    def send(self, request: Callable[..., Any], *arguments: Any, **options: Any) -> Answer:
        """The answer to one call of the client, whatever its status.

        Raises Unavailable (nothing was sent), AnswerLost, AnswerBroken, Refused (no trust).
        """
        self._keeper.fresh()
        return self._answered(request, *arguments, **options)

    @property
    def can_renew(self) -> bool:
        """True if a new token can be fetched."""
        return self._login.renews

    @property
    def version(self) -> str:
        """The version of the API that is spoken."""
        return self._login.api_version

    def renew(self) -> None:
        """Another token in place of the one this thread sent last, as the keeper does it."""
        self._keeper.renew()

    def scopes(self) -> frozenset[str] | None:
        """The scopes of the token of the moment, where HubSpot can be asked for them."""
        return scopes_of(self._login, self._keeper.fresh(), self._post)

    def raw(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        query: Query = (),
        parts: Mapping[str, str] | None = None,
        **options: Any,
    ) -> Any:
        """The response to a call that the client has no method for; `path` is the one of v3 or v4.

        `parts` go into the path, encoded. For `send`, as the client's own methods are.
        """
        return self._client.call_api(
            path,
            method,
            dict(parts or {}),
            list(query),
            header_params={"Accept": "application/json", "Content-Type": "application/json"},
            body=body,
            auth_settings=["oauth2"],
            response_types_map={},
            **options,
        )

    def direct(self, method: str, path: str, body: Any = None) -> Answer:
        """The answer to a call like `raw` as `send` gives it, without what the client does to parameters and bodies.

        So pages and batches of ties are asked for: the client takes longer to encode such a request than anybody
        to read its answer (hubspot-api-client 12.0.0, measured 2026-11).
        """
        self._keeper.fresh()
        connect_s, read_s = TIMEOUT_S
        options: dict[str, Any] = {
            "preload_content": False,
            "timeout": Timeout(connect=connect_s, read=read_s),
        }
        if body is not None:
            options["body"] = orjson.dumps(body)
        options["headers"] = {
            **self._client.default_headers,
            "Accept": "application/json",
            "Content-Type": "application/json",
            "Authorization": f"Bearer {self._keeper.sent()}",
        }
        url = self._client.configuration.host + path_in(self._login.api_version, path)
        try:
            return _answer(self._client.rest_client.pool_manager.urlopen(method, url, **options))
        except HTTPError as problem:
            raise _no_answer(problem, self._url) from None

    def account(self, **options: Any) -> Any:
        """The response about the account, a resource the client has no method for."""
        return self.raw("GET", ACCOUNT, **options)

    def close(self) -> None:
        """Gives back the connections."""
        self._client.rest_client.pool_manager.clear()
        self._client.close()

    def _take(self) -> Lasting[str]:
        grant = take(self._login, self._refresh_token, self._post)
        self.secrets.append(grant.token)
        if grant.refresh_token and grant.refresh_token != self._refresh_token:
            self.secrets.append(grant.refresh_token)
            if self._refresh_token == self._login.refresh_token:
                self.tell(_(ROTATED).format(system=self._system))
            self._refresh_token = grant.refresh_token
        return Lasting(grant.token, grant.lives_s)

    def _post(self, path: str, form: Mapping[str, str]) -> Answer:
        """The answer to a form about tokens; it is Unavailable if none came, for nothing is lost then."""
        url = self._client.configuration.host + path_in(self._login.api_version, path)
        headers = {
            **self._client.default_headers,
            "Content-Type": "application/x-www-form-urlencoded",
        }
        try:
            return self._answered(
                self._client.rest_client.request,
                "POST",
                url,
                headers=headers,
                post_params=dict(form),
            )
        except (AnswerLost, AnswerBroken) as lost:
            raise Unavailable(f"no token: {lost.message}", where=TOKEN_CALL) from None

    def _answered(self, request: Callable[..., Any], *arguments: Any, **options: Any) -> Answer:
        try:
            response = request(
                *arguments, _preload_content=False, _request_timeout=TIMEOUT_S, **options
            )
        except ApiException as problem:
            return _refusal(problem, self._url)
        except AttributeError as problem:
            # the client decodes the body of a TLS error, which has none (12.0.0, api_client.py)
            if isinstance(problem.__context__, OpenApiException):
                raise untrusted(self._url) from None
            raise
        except HTTPError as problem:
            raise _no_answer(problem, self._url) from None
        return _answer(response)


def _api_client(login: Login, keeper: Keeper[str]) -> Any:
    configuration = Configuration()
    configuration.host = login.url.rstrip("/")
    configuration.retries = False
    around = surroundings(login.url, login.ca_bundle)
    configuration.proxy = around.proxies.get("https")
    configuration.ssl_ca_cert = around.ca_bundle
    client = ApiClient(configuration)
    client.user_agent = "crmsync (hubspot-api-client-python)"
    if not is_loopback(login.url):
        client.set_default_header("Accept-Encoding", "gzip")
    call = client.call_api

    def call_in_version(path: str, *arguments: Any, **options: Any) -> Any:
        bearer = {"in": "header", "key": "Authorization", "value": f"Bearer {keeper.sent()}"}
        options["_request_auth"] = bearer
        return call(path_in(login.api_version, path), *arguments, **options)

    client.call_api = call_in_version
    return client


def _answer(response: Any) -> Answer:
    try:
        body = response.data
    except HTTPError:
        response.close()
        raise AnswerBroken("the answer broke off", status=response.status) from None
    return Answer(response.status, _merged(response.headers), body)


def _refusal(problem: Any, url: str) -> Answer:
    if not problem.status:
        raise untrusted(url)
    body = problem.body or b""
    raw = body.encode() if isinstance(body, str) else body
    return Answer(problem.status, _merged(problem.headers or {}), raw)


def _merged(headers: Any) -> dict[str, str]:
    """Headers by their names in lower case; one that came twice is one."""
    pairs = headers.itermerged() if isinstance(headers, HTTPHeaderDict) else dict(headers).items()
    return {name.lower(): value for name, value in pairs}


def _no_answer(problem: HTTPError, url: str) -> Exception:
    """Unavailable if no connection was made, else AnswerLost."""
    if isinstance(problem, SSLError):
        return untrusted(url)
    if isinstance(problem, ConnectTimeoutError | NewConnectionError | ProxyError):
        return unreached(url)
    return AnswerLost("no answer: the connection was lost or timed out")
