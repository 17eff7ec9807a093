"""What a refusal of HubSpot means, and what helps.

Every field of the error envelope is optional, and what Cloudflare answers is HTML or text:
developers.hubspot.com, Error handling (read 2026-11).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from crmsync.connectors.budget import retry_after_s
from crmsync.connectors.calls import Answer
from crmsync.connectors.hubspot.scopes import scope_of
from crmsync.connectors.hubspot.ways import OAUTH, TOKEN
from crmsync.errors import AccessDenied, CrmsyncError, Refused, TryLater, Unavailable

_SCOPE = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+){0,5}")
_PROPERTY = re.compile(r"""["'](?:name|propertyName)\\?["']\s*:\s*\[?\\?["']?([A-Za-z0-9_]+)""")
_RULE = re.compile(r"\brequired\b|REQUIRED_|permission Edit Associations", re.IGNORECASE)
# HubSpot's own Node client waits 10 s after this policy and 1 s after the secondly one;
# a lock lasts 2 s: developers.hubspot.com, Error handling (read 2026-11)
_WINDOW_S, _SECONDLY_S, _LOCK_S = 10.0, 1.0, 2.0


class ScopeMissing(AccessDenied):
    """The token may not do this; `scopes` are those of which HubSpot says that one would be enough."""

    def __init__(self, message: str, *, remedy: str, where: str, scopes: tuple[str, ...]) -> None:
        super().__init__(message, remedy=remedy, where=where)
        self.scopes = scopes


def envelope(answer: Answer) -> Mapping[str, Any]:
    """The error envelope, empty for bodies that are none."""
    body = answer.json()
    return body if isinstance(body, dict) else {}


def words(told: Mapping[str, Any]) -> str:
    """Category and message of an error, in HubSpot's words; of a rule of the portal, what helps as well."""
    parts = (str(told.get("category") or ""), str(told.get("message") or ""))
    said = ": ".join(part for part in parts if part) or "no reason given"
    return said + _by_rule(told)


def _by_rule(told: Mapping[str, Any]) -> str:
    """What helps where a rule of the portal refuses a write, as 2026-09 does; blank for any other refusal.

    The body of that refusal was not seen (changelog, CRM API write validation enforcement, read 2026-11): it is known
    by its word for it.
    """
    listed = [one for one in told.get("errors") or () if isinstance(one, dict)]
    texts = [str(told.get("message") or "")]
    texts += [f"{one.get('code') or ''} {one.get('message') or ''}" for one in listed]
    if told.get("category") != "VALIDATION_ERROR" or not any(map(_RULE.search, texts)):
        return ""
    names = ", ".join(property_names(str(listed))) or "what it names"
    return f" (a rule of the portal: fill {names}, change the rule, or set an older `api_version`)"


def property_names(text: str) -> tuple[str, ...]:
    """Properties an error objects to, from its message or body: both lists are incomplete."""
    return tuple(dict.fromkeys(_PROPERTY.findall(text)))


def translate(answer: Answer, where: str, way: str = TOKEN) -> CrmsyncError:
    """The error behind an answer that is no success. What helps against a refused token depends on the way in."""
    make = _BY_STATUS.get(answer.status) or (_unavailable if answer.status >= 500 else _refused)
    error = make(answer, envelope(answer), where)
    if way == OAUTH:
        error.remedy = _FOR_APPS.get(error.remedy, error.remedy).replace(_GIVE_KEY, _GIVE_APP)
    return error


def scopes(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Scopes an error asks for; it has two shapes: in `context`, and in `errors[].context`."""
    contexts = [told.get("context")]
    contexts += [one.get("context") for one in told.get("errors") or () if isinstance(one, dict)]
    asked = [
        scope
        for context in contexts
        if isinstance(context, dict)
        for scope in context.get("requiredGranularScopes") or ()
    ]
    return tuple(dict.fromkeys(scope for scope in asked if _SCOPE.fullmatch(str(scope))))


def _denied(answer: Answer, told: Mapping[str, Any], where: str) -> AccessDenied:
    remedy = _ENDED if told.get("category") == "EXPIRED_AUTHENTICATION" else _CHECK_KEY
    return AccessDenied(f"access refused (401): {words(told)}", where=where, remedy=remedy)


def _forbidden(answer: Answer, told: Mapping[str, Any], where: str) -> AccessDenied:
    asked = scopes(told)
    message = f"access refused (403): {words(told)}"
    if not asked:
        return AccessDenied(message, where=where, remedy=_see_scopes(scope_of(where)))
    remedy = f"{_GIVE_KEY} {' / '.join(asked)}."
    return ScopeMissing(message, where=where, remedy=remedy, scopes=asked)


def _see_scopes(scope: str) -> str:
    """Where to look if HubSpot does not say which scope is missing."""
    if not scope:
        return "See which scopes the mapping takes, and which of them are missing: crmsync scopes"
    return f"See whether the token has the scope {scope}: crmsync scopes"


class DayUsedUp(TryLater):
    """The calls of the day are used up; whoever knows the portal's time zone says until when."""


def _limited(answer: Answer, told: Mapping[str, Any], where: str) -> CrmsyncError:
    """Too many calls: of a moment, or of the day. HubSpot's search gives no Retry-After."""
    message = str(told.get("message") or "").lower()
    policy = str(told.get("policyName") or "").upper()
    if policy == "DAILY" or "daily limit" in message:
        return DayUsedUp(
            f"the portal's calls of today are used up: {words(told)}",
            where=where,
            remedy="Run again after midnight in the portal's time zone.",
        )
    short = "secondly" in message and "ten_secondly" not in message
    wait = retry_after_s(answer.headers) or (_SECONDLY_S if short else _WINDOW_S)
    return Unavailable(
        f"too many calls (429): {words(told)}", where=where, status=429, waits_s=wait
    )


def _locked(answer: Answer, told: Mapping[str, Any], where: str) -> Unavailable:
    wait = max(retry_after_s(answer.headers), _LOCK_S)
    return Unavailable(f"locked (423): {words(told)}", where=where, status=423, waits_s=wait)


def _moving(answer: Answer, told: Mapping[str, Any], where: str) -> TryLater:
    return TryLater(
        "the account is being moved to another data centre (477)",
        where=where,
        remedy=f"Run again in {retry_after_s(answer.headers) or 86400:.0f} s.",
    )


def _unavailable(answer: Answer, told: Mapping[str, Any], where: str) -> Unavailable:
    return Unavailable(
        f"not available ({answer.status}): {words(told)}",
        where=where,
        status=answer.status,
        waits_s=retry_after_s(answer.headers),
    )


def _refused(answer: Answer, told: Mapping[str, Any], where: str) -> Refused:
    remedy = _REMEDIES.get(answer.status, "")
    return Refused(
        f"refused ({answer.status}): {words(told)}",
        where=where,
        status=answer.status,
        remedy=remedy,
    )


_Make = Callable[[Answer, Mapping[str, Any], str], CrmsyncError]
_BY_STATUS: dict[int, _Make] = {
    401: _denied,
    403: _forbidden,
    408: _unavailable,
    423: _locked,
    429: _limited,
    477: _moving,
    # TLS trouble behind its edge, which waiting does not mend; nothing reached HubSpot. Error handling (read 2026-11)
    525: _refused,
    526: _refused,
}
_GIVE_KEY = "Give the service key the scope"
_GIVE_APP = "Give the app this scope and authorise it again:"
_CHECK_KEY = (
    "Check the token: a service key (Settings > Integrations > Service Keys), or an"
    " existing private app's."
)
# A key has no end: what ends is the access token of an OAuth app.
_ENDED = (
    "That is an access token of an OAuth app, which lives for half an hour: give `client_id`, `client_secret` and"
    " `refresh_token`, or a service key."
)
_LOOK_AT_APP = (
    "The token was new: look whether the app is still installed in the portal,"
    " and whether its user is active."
)
_FOR_APPS: Mapping[str, str] = {_CHECK_KEY: _LOOK_AT_APP, _ENDED: _LOOK_AT_APP}
_TLS = "HubSpot does not reach its own servers: see status.hubspot.com, and run again later."
_REMEDIES = {
    404: "Check the object's name and `api_version`.",
    414: "Ask for fewer properties.",
    525: _TLS,
    526: _TLS,
}
