"""What a refusal of Salesforce means, and what helps.

Errors come as a list of {message, errorCode, fields}, as an OAuth object {error,
error_description}, as HTML, or with no body at all: developer.salesforce.com, Status Codes and
Error Responses (read 2026-11).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from crmsync.connectors.budget import retry_after_s
from crmsync.connectors.calls import Answer
from crmsync.connectors.salesforce.duplicates import DUPLICATES, said_double
from crmsync.connectors.salesforce.ways import CLIENT_CREDENTIALS, TOKEN
from crmsync.errors import AccessDenied, CrmsyncError, Refused, TryLater, Unavailable

CONCURRENT_WAIT_S = 15.0
E = TypeVar("E", bound=CrmsyncError)


@dataclass(frozen=True, slots=True)
class Told:
    """One refusal in Salesforce's own words."""

    code: str
    message: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.code, self.message) if part) or "no reason given"


def told(answer: Answer) -> Told:
    """The first error of an answer; empty for HTML and empty bodies."""
    body = answer.json()
    first = body[0] if isinstance(body, list) and body else body
    if not isinstance(first, dict):
        return Told("", "" if answer.text().startswith("<") else answer.text()[:200])
    code = first.get("errorCode") or first.get("error") or first.get("statusCode") or ""
    message = first.get("message") or first.get("error_description") or ""
    return Told(str(code), str(message))


def translate(answer: Answer, where: str, way: str = TOKEN) -> CrmsyncError:
    """The error behind an answer that is no success. First its code decides, then its status.

    What helps against a token that is not accepted depends on the way in.
    """
    said = told(answer)
    make = _BY_CODE.get(said.code) or _BY_STATUS.get(answer.status) or _refused
    if answer.status >= 500:
        make = _unavailable
    return _for_way(make(answer, said, where), way)


def denied(answer: Answer, where: str, way: str = TOKEN) -> AccessDenied:
    """The error for a credential that is not accepted."""
    return _for_way(_denied(answer, told(answer), where), way)


def _for_way(error: E, way: str) -> E:
    """Who takes tokens of its own is not told to get one, but where to look for who refuses them."""
    if way != TOKEN and error.remedy == _REMEDIES["INVALID_SESSION_ID"]:
        error.remedy = _RUN_AS if way == CLIENT_CREDENTIALS else _OWN_TOKENS
    return error


def _denied(answer: Answer, said: Told, where: str) -> AccessDenied:
    remedy = _REMEDIES.get(said.code, _REMEDIES["INVALID_SESSION_ID"])
    return AccessDenied(f"access refused ({answer.status}): {said}", where=where, remedy=remedy)


def _forbidden(answer: Answer, said: Told, where: str) -> AccessDenied:
    remedy = _REMEDIES.get(said.code, _REMEDIES["FORBIDDEN"])
    return AccessDenied(f"access refused ({answer.status}): {said}", where=where, remedy=remedy)


def _refused(answer: Answer, said: Told, where: str) -> Refused:
    remedy = _REMEDIES.get(said.code, _REMEDY_BY_STATUS.get(answer.status, ""))
    return Refused(
        f"refused ({answer.status}): {said}", where=where, status=answer.status, remedy=remedy
    )


def _unavailable(answer: Answer, said: Told, where: str) -> Unavailable:
    return Unavailable(
        f"not available ({answer.status}): {said}",
        where=where,
        status=answer.status,
        waits_s=retry_after_s(answer.headers),
    )


def _over_limit(answer: Answer, said: Told, where: str) -> CrmsyncError:
    """Too many at once is over in a moment; too many in a day is not.

    The limit is of calls that take 20 seconds or more: developer.salesforce.com, API Request Limits (read
    2026-11). So a moment is about that long.
    """
    if "concurrent" in said.message.lower():
        waits_s = retry_after_s(answer.headers) or CONCURRENT_WAIT_S
        return Unavailable(
            f"not available ({answer.status}): {said}",
            where=where,
            status=answer.status,
            waits_s=waits_s,
        )
    return TryLater(
        f"the org's calls of the last 24 hours are used up: {said}",
        where=where,
        remedy="Run again later; the allowance is a rolling one.",
    )


def _double(answer: Answer, said: Told, where: str) -> Refused:
    return said_double(answer, f"refused ({answer.status}): {said}", where)


_Make = Callable[[Answer, Told, str], CrmsyncError]

# developer.salesforce.com, Status Codes and Error Responses; the answers of the layer before the
# org (406, 420, 429) are mostly empty: jsforce and airbyte retry them (read 2026-11)
_BY_STATUS: dict[int, _Make] = {
    401: _denied,
    403: _forbidden,
    406: _unavailable,
    408: _unavailable,
    420: _unavailable,
    429: _unavailable,
}
_BY_CODE: dict[str, _Make] = {
    "REQUEST_LIMIT_EXCEEDED": _over_limit,
    "UNABLE_TO_LOCK_ROW": _unavailable,
    "QUERY_TIMEOUT": _unavailable,
    "SERVER_UNAVAILABLE": _unavailable,
    "INSUFFICIENT_ACCESS": _forbidden,
    "API_DISABLED_FOR_ORG": _forbidden,
    "INVALID_SESSION_ID": _denied,
    DUPLICATES: _double,
}
_REMEDIES: dict[str, str] = {
    "INVALID_SESSION_ID": "Get a new token, or give `client_id` and `client_secret`; `url` must be the"
    " My Domain host (…my.salesforce.com), not …lightning.force.com.",
    "invalid_grant": "Client credentials: give the external client app a run-as user, and enable that flow."
    " JWT: approve the app for this user, and compare `username`, `audience` and the certificate.",
    "app_not_found": "Set `audience` to the My Domain of the org; some orgs accept no other.",
    "unauthorized_client": "Enable this flow for the external client app.",
    "invalid_app_access": "Approve the app for this user: Manage Permitted Users, by permission set.",
    "unsupported_grant_type": "The org does not offer this way in: use client credentials or JWT.",
    "INVALID_LOGIN": "Check username, password and security token; or SOAP login() is off in this org, and"
    " client credentials or JWT are the way in.",
    "invalid_client": "Check `client_id` and `client_secret` of the external client app.",
    "invalid_client_id": "Check `client_id` of the external client app.",
    "API_DISABLED_FOR_ORG": "The edition or the user's profile lacks the permission 'API Enabled'.",
    "FORBIDDEN": "Give the integration user's permission set access to this object and its fields; one with all"
    " that the mapping takes: crmsync scopes --permission-set",
    "INVALID_FIELD": "The field does not exist or field-level security hides it from this user.",
    "INVALID_TYPE": "The object does not exist, or the user's permission set lacks Read on it.",
    "INVALID_QUERY_LOCATOR": "The org forgot where a query was: run again.",
    "NOT_FOUND": "The object, record or key field does not exist, or this user cannot see it.",
}
# Restrictions of the user, of the app and of the session end a token that was just given: help.salesforce.com,
# Modify Session Security Settings; Client Credentials Flow (read 2026-11)
_RUN_AS = (
    "Look at the app's run-as user (active, with API access), at the app's policies, and at the org's session"
    " settings and IP ranges; `url` must be the My Domain host (…my.salesforce.com)."
)
_OWN_TOKENS = (
    "Look at the user (active, with API access), at the app's policies, and at the org's session settings and"
    " IP ranges; `url` must be the My Domain host (…my.salesforce.com)."
)
_REMEDY_BY_STATUS: dict[int, str] = {
    302: "`url` must be the My Domain host of the org.",
    410: "This API version is retired: raise `api_version`.",
    414: "The request is too long: ask for fewer fields.",
    431: "The request is too long: ask for fewer fields.",
}
