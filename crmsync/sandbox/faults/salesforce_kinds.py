"""What the simulated Salesforce says when something goes wrong on request, in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.sandbox.faults.kinds import SHARED, Answered, Kind, answers, as_json


def _says(code: str, message: str, status: int) -> Answered:
    return as_json(status, [{"message": message, "errorCode": code}])


_EXPIRED = "INVALID_SESSION_ID"
_OVER = "REQUEST_LIMIT_EXCEEDED"
# 401: robotframework-salesforce expired_session_response.json; the other text and the empty body: jsforce
# http-api.test.ts. 403: public issues of organization checkers (both texts). 406 and 420: jsforce, airbyte. 5xx:
# status codes of the REST guide. The text of INVALID_QUERY_LOCATOR is not verified. All read 2026-11.
_OWN: tuple[Kind, ...] = (
    answers("401", "the session is over", _says(_EXPIRED, "Session expired or invalid", 401)),
    answers(
        "401-other",
        "the session is over, in other words",
        _says(_EXPIRED, "This session is not valid for use with the REST API", 401),
    ),
    answers("401-empty", "401 without a body", Answered(401)),
    answers(
        "403-limit",
        "the calls of the day are used up",
        _says(_OVER, "TotalRequests Limit exceeded.", 403),
    ),
    answers(
        "403-concurrent",
        "too many long calls at once",
        _says(_OVER, "ConcurrentRequests (Concurrent API Requests) Limit exceeded.", 403),
    ),
    answers(
        "403-access",
        "the user may not do this",
        _says("INSUFFICIENT_ACCESS", "insufficient access rights on object id", 403),
    ),
    answers(
        "404",
        "there is nothing there",
        _says("NOT_FOUND", "The requested resource does not exist", 404),
    ),
    answers("406", "406 without a body", Answered(406)),
    answers(
        "410",
        "the API version is retired",
        _says("UNSUPPORTED_API_VERSION", "API version is retired", 410),
    ),
    answers("414", "the address is too long", _says("URI_TOO_LONG", "URI Too Long", 414)),
    answers("420", "420 without a body", Answered(420)),
    answers("429", "429 without a body", Answered(429), waits=True),
    answers(
        "431",
        "the headers are too long",
        _says("HEADERS_TOO_LARGE", "Request Header Fields Too Large", 431),
    ),
    answers(
        "500",
        "the platform failed",
        _says("UNKNOWN_EXCEPTION", "An unexpected error occurred.", 500),
        waits=True,
    ),
    answers(
        "503",
        "the platform is not available",
        _says("SERVER_UNAVAILABLE", "Server unavailable", 503),
        waits=True,
    ),
    answers(
        "query-timeout",
        "a query took too long",
        _says("QUERY_TIMEOUT", "Your query request was running for too long.", 400),
        path="*/query*",
    ),
    answers(
        "locator",
        "the locator of a further page is not known any more",
        _says("INVALID_QUERY_LOCATOR", "invalid query locator", 400),
        path="*/query*/01g*",
    ),
    Kind(
        "row-lock",
        "rows are locked by somebody else: the first `items` of a call, 0 for all, or those of Collections "
        "under its first `parents` accounts",
        parameters={"items": 0, "parents": 0},
        within=True,
    ),
    Kind(
        "late",
        "the answer says done, and it is done when the clock has moved `seconds`",
        parameters={"seconds": 60},
        within=True,
    ),
    Kind(
        "late-commit",
        "as `late`, with the stamps of when the answer came",
        parameters={"seconds": 60},
        within=True,
    ),
)
SALESFORCE_KINDS: Mapping[str, Kind] = {each.name: each for each in (*_OWN, *SHARED)}
