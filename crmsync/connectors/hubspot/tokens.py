"""An access token by the refresh token of an OAuth app, and what a token may do.

Sends nothing itself: it is given `post`. Whatever goes wrong before there is a token has written nothing. Errors have
RFC 6749's words and HubSpot's older ones side by side: changelog, standardized OAuth error responses (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from crmsync.connectors.calls import Answer
from crmsync.connectors.hubspot.paths import INTROSPECTION, TOKENS
from crmsync.connectors.hubspot.problems import envelope, translate
from crmsync.connectors.hubspot.settings import Login
from crmsync.connectors.hubspot.ways import OAUTH
from crmsync.connectors.keeping import CredentialRefused
from crmsync.errors import AccessDenied, TryLater, Unavailable

# 30 minutes: changelog, expiration of OAuth access tokens (read 2026-11). For an answer that does not say.
USUAL_LIFE_S = 1800.0
TOKEN_CALL = "POST oauth/token"  # noqa: S105  # the name of a call, no secret


class Post(Protocol):
    """Sends a form to a path of the portal, in the version of the login."""

    def __call__(self, path: str, form: Mapping[str, str]) -> Answer:
        """The answer, whatever its status. Unavailable if none came."""


@dataclass(frozen=True, slots=True)
class Grant:
    """An access token, for how many seconds from now, and the refresh token that takes the old one's place."""

    token: str = field(repr=False)
    lives_s: float = USUAL_LIFE_S
    refresh_token: str = field(default="", repr=False)


def take(login: Login, refresh_token: str, post: Post) -> Grant:
    """A new access token. AccessDenied if there is none to be had, CredentialRefused if that is HubSpot's word for it;
    Unavailable or TryLater for whatever else goes wrong.
    """
    form = {
        "grant_type": "refresh_token",
        "client_id": login.client_id,
        "client_secret": login.client_secret,
        "refresh_token": refresh_token,
    }
    answer = post(TOKENS, form)
    if not 200 <= answer.status < 300:
        raise _refusal(answer)
    told = envelope(answer)
    token, lives = told.get("access_token"), told.get("expires_in")
    if not isinstance(token, str) or not token:
        raise Unavailable("no token: the answer holds none", where=TOKEN_CALL)
    lives_s = float(lives) if isinstance(lives, int | float) and lives > 0 else USUAL_LIFE_S
    return Grant(token, lives_s, str(told.get("refresh_token") or ""))


def _refusal(answer: Answer) -> Exception:
    problem, told = translate(answer, TOKEN_CALL, OAUTH), envelope(answer)
    if isinstance(problem, Unavailable | TryLater):
        return problem
    status, error = str(told.get("status") or ""), str(told.get("error") or "")
    message = str(told.get("error_description") or told.get("message") or "no reason given")
    said = f"access refused ({answer.status}): {status or error}: {message}"
    if not error and status not in _REMEDIES:
        return AccessDenied(problem.message, where=TOKEN_CALL, remedy=problem.remedy)
    remedy = _REMEDIES.get(status) or _BY_ERROR.get(error) or _AGAIN
    return CredentialRefused(said, where=TOKEN_CALL, remedy=remedy)


def scopes_of(login: Login, token: str, post: Post) -> frozenset[str] | None:
    """The scopes of an OAuth token as HubSpot lists them; None for a static token, and where it does not say.

    A service key cannot be asked about: 400, "must have the correct format" (measured by others in August 2026).
    """
    if not login.renews:
        return None
    form = {"token": token, "client_id": login.client_id, "client_secret": login.client_secret}
    try:
        told: Any = envelope(post(INTROSPECTION, form))
    except Unavailable:
        return None
    listed = told.get("scopes") or str(told.get("scope") or "").split()
    if told.get("active") is False or not isinstance(listed, list) or not listed:
        return None
    return frozenset(str(each) for each in listed)


_APP = "Check `client_id` and `client_secret`: they are on the app's page, under Auth."
_AGAIN = (
    "Authorise the app again and put the refresh token that it gives into `refresh_token`"
    " (docs/connectors.md)."
)
_REMEDIES: Mapping[str, str] = {
    "BAD_CLIENT_ID": _APP,
    "BAD_CLIENT_SECRET": _APP,
    "BAD_REFRESH_TOKEN": _AGAIN,
}
_BY_ERROR: Mapping[str, str] = {"invalid_client": _APP, "invalid_grant": _AGAIN}
