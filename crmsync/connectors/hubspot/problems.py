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
from crmsync.errors import AccessDenied, CrmsyncError, Refused, TryLater, Unavailable

_SCOPE = re.compile(r"\b[a-z_]+(?:\.[a-z_]+){1,4}\b")
_PROPERTY = re.compile(r'"(?:name|propertyName)\\?"\s*:\s*\[?\\?"?([A-Za-z0-9_]+)')
# HubSpot's own Node client waits 10 s after this policy and 1 s after the secondly one;
# a lock lasts 2 s: developers.hubspot.com, Error handling (read 2026-11)
_WINDOW_S, _SECONDLY_S, _LOCK_S = 10.0, 1.0, 2.0


def envelope(answer: Answer) -> Mapping[str, Any]:
    """The error envelope, empty for bodies that are none."""
    body = answer.json()
    return body if isinstance(body, dict) else {}


def words(told: Mapping[str, Any]) -> str:
    """Category and message of an error, in HubSpot's words."""
    parts = (str(told.get("category") or ""), str(told.get("message") or ""))
    return ": ".join(part for part in parts if part) or "no reason given"


def property_names(text: str) -> tuple[str, ...]:
    """Properties an error objects to, from its message or body: both lists are incomplete."""
    return tuple(dict.fromkeys(_PROPERTY.findall(text)))


def translate(answer: Answer, where: str) -> CrmsyncError:
    """The error behind an answer that is no success."""
    make = _BY_STATUS.get(answer.status) or (_unavailable if answer.status >= 500 else _refused)
    return make(answer, envelope(answer), where)


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
    return AccessDenied(
        f"access refused (401): {words(told)}",
        where=where,
        remedy="Check the token: a service key (Settings > Integrations > Service Keys), or an"
        " existing private app's.",
    )


def _forbidden(answer: Answer, told: Mapping[str, Any], where: str) -> AccessDenied:
    missing = " or ".join(scopes(told))
    remedy = f"Give the service key the scope {missing}." if missing else "Check its scopes."
    return AccessDenied(f"access refused (403): {words(told)}", where=where, remedy=remedy)


def _limited(answer: Answer, told: Mapping[str, Any], where: str) -> CrmsyncError:
    """Too many calls: of a moment, or of the day. HubSpot's search gives no Retry-After."""
    message = str(told.get("message") or "").lower()
    policy = str(told.get("policyName") or "").upper()
    if policy == "DAILY" or "daily limit" in message:
        return TryLater(
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
}
_REMEDIES = {404: "Check the object's name and `api_version`.", 414: "Ask for fewer properties."}
