"""Requests to one portal through hubspot-api-client, without its models and its retry.

One ApiClient serves all its API objects: the client builds a new pool at every attribute access
otherwise. Bodies stay bytes (`_preload_content=False`), which is 18 times as fast as its models and
keeps fields they do not know (hubspot-api-client 12.0.0, measured 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hubspot import Client
from hubspot.crm.objects import ApiClient, Configuration
from hubspot.crm.objects.exceptions import ApiException, OpenApiException
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    NewConnectionError,
    ProxyError,
    SSLError,
)

from crmsync.connectors.calls import TIMEOUT_S, Answer, AnswerLost
from crmsync.connectors.hubspot.paths import ACCOUNT, CLASSIC, path_in
from crmsync.connectors.loopback import is_loopback, surroundings, unreached, untrusted
from crmsync.errors import AnswerBroken

HOST = "https://api.hubapi.com"  # one host for every data centre: HubSpot API reference (2026-11)


@dataclass(frozen=True, slots=True)
class Login:
    """A service key or private-app token, and where to use it."""

    token: str = field(repr=False)
    url: str = HOST
    api_version: str = CLASSIC
    ca_bundle: str = ""


class Session:
    """One portal's API objects over one connection pool."""

    def __init__(self, login: Login) -> None:
        self._url = login.url
        self.secrets = [login.token]
        self._client = _api_client(login)
        client = Client.create(
            access_token=login.token,
            api_factory=lambda package, name, _config: getattr(package, name)(self._client),
        )
        self.objects = client.crm.objects.basic_api
        self.batches = client.crm.objects.batch_api
        self.ties = client.crm.associations.v4.batch_api
        self.labels = client.crm.associations.v4.schema.definitions_api
        self.properties = client.crm.properties.core_api
        self.pipelines = client.crm.pipelines.pipelines_api
        self.owners = client.crm.owners.owners_api

    def send(self, request: Callable[..., Any], *arguments: Any, **options: Any) -> Answer:
        """The answer to one call of the client, whatever its status.

        Raises Unavailable (nothing was sent), AnswerLost, AnswerBroken, Refused (no trust).
        """
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

    def account(self, **options: Any) -> Any:
        """The response about the account, a resource the client has no method for."""
        return self._client.call_api(
            ACCOUNT,
            "GET",
            header_params={"Accept": "application/json"},
            auth_settings=["oauth2"],
            response_types_map={},
            **options,
        )

    def post(
        self,
        path: str,
        parts: Mapping[str, str],
        query: Sequence[tuple[str, str]] = (),
        body: Any = None,
        **options: Any,
    ) -> Any:
        """The response to a POST that the client has no method for; `parts` go into the path, encoded."""
        return self._client.call_api(
            path,
            "POST",
            dict(parts),
            list(query),
            {"Accept": "application/json", "Content-Type": "application/json"},
            body=body,
            auth_settings=["oauth2"],
            response_types_map={},
            **options,
        )

    def close(self) -> None:
        """Gives back the connections."""
        self._client.rest_client.pool_manager.clear()
        self._client.close()


def _api_client(login: Login) -> Any:
    configuration = Configuration()
    configuration.host = login.url.rstrip("/")
    configuration.access_token = login.token
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
        return call(path_in(login.api_version, path), *arguments, **options)

    client.call_api = call_in_version
    return client


def _answer(response: Any) -> Answer:
    try:
        body = response.data
    except HTTPError:
        response.close()
        raise AnswerBroken("the answer broke off", status=response.status) from None
    return Answer(response.status, _lower(response.headers), body)


def _refusal(problem: Any, url: str) -> Answer:
    if not problem.status:
        raise untrusted(url)
    body = problem.body if isinstance(problem.body, str) else ""
    return Answer(problem.status, _lower(problem.headers or {}), body.encode())


def _lower(headers: Any) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _no_answer(problem: HTTPError, url: str) -> Exception:
    """Unavailable if no connection was made, else AnswerLost."""
    if isinstance(problem, SSLError):
        return untrusted(url)
    if isinstance(problem, ConnectTimeoutError | NewConnectionError | ProxyError):
        return unreached(url)
    return AnswerLost("no answer: the connection was lost or timed out")
