"""Where a load goes: a world in this process, or a running sandbox over loopback."""

from __future__ import annotations

import ssl
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.error import HTTPError, URLError

import orjson

from crmsync.sandbox.load_routes import LoadsRows, Schema, perform_all, schema_of
from crmsync.sandbox.loading.sources import LoadError

_BATCH = 1000
_PATIENCE_S = 120


class Loadable(Protocol):
    """A simulated CRM that a load can fill."""

    def schema(self) -> Schema:
        """Its objects and their fields."""

    def call_all(self, method: str, batch: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """One `{"value": ...}` or `{"error": text}` for each argument list, in order."""

    def finish(self) -> None:
        """Makes everything durable."""


@dataclass(frozen=True, slots=True)
class WorldTarget:
    """A world of this process, in memory or over a file."""

    world: LoadsRows

    def schema(self) -> Schema:
        """Its objects and their fields."""
        return schema_of(self.world)

    def call_all(self, method: str, batch: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The results of the calls, in order."""
        return perform_all(self.world, method, batch)

    def finish(self) -> None:
        """Commits the tables."""
        self.world.tables.commit()


# No proxy, whatever the environment says: the sandbox is on this very machine.
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))


@dataclass(frozen=True, slots=True)
class HttpTarget:
    """A running sandbox; `url` is its root, `ca` the certificate it is known by. LoadError if it does not answer.

    Without `ca`, SSL_CERT_FILE says whom to trust, as for every Python program.
    """

    url: str
    token: str
    system: str
    ca: str = ""

    def schema(self) -> Schema:
        """Its objects and their fields."""
        schema: Schema = self._post({"method": "schema"})["result"]
        return schema

    def call_all(self, method: str, batch: Sequence[Sequence[Any]]) -> list[dict[str, Any]]:
        """The results of the calls, in order, sent in batches of a thousand."""
        results: list[dict[str, Any]] = []
        for start in range(0, len(batch), _BATCH):
            body = {"method": method, "batch": batch[start : start + _BATCH]}
            results += self._post(body)["results"]
        return results

    def finish(self) -> None:
        """Nothing: the sandbox commits before it answers."""

    def _direct(self) -> urllib.request.OpenerDirector:
        if not self.ca:
            return _DIRECT
        context = ssl.create_default_context(cafile=self.ca)
        return urllib.request.build_opener(
            urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context)
        )

    def _post(self, body: dict[str, Any]) -> dict[str, Any]:
        if not self.url.startswith(("http://", "https://")):
            raise LoadError(f"a sandbox is reached by http:// or https://, not {self.url!r}")
        request = urllib.request.Request(  # noqa: S310  (the scheme is checked above)
            f"{self.url.rstrip('/')}/__control__/call",
            data=orjson.dumps(body),
            headers={"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"},
        )
        try:
            with self._direct().open(request, timeout=_PATIENCE_S) as answer:
                told: dict[str, Any] = orjson.loads(answer.read())
        except HTTPError as error:
            with error:
                reason = error.read(500).decode("utf-8", "replace")
            raise LoadError(f"the sandbox answered {error.code}: {reason}") from error
        except URLError as error:
            raise LoadError(f"no sandbox answers there ({error.reason})") from error
        return told
