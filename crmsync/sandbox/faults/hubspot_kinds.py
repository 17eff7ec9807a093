"""What the simulated HubSpot says when something goes wrong on request, in its own words."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.sandbox.faults.kinds import SHARED, Answered, Kind, answers, as_json

_ID = "00000000-0000-4000-8000-000000000000"


def _says(status: int, message: str, category: str | None = None, **more: object) -> Answered:
    named = {"category": category} if category else {}
    body = {"status": "error", "message": message, "correlationId": _ID, **named, **more}
    return as_json(status, body)


# Made by the layer before the CRM, as plain text: developers.hubspot.com, error handling (read 2026-11).
_PLAIN = (("content-type", "text/plain"),)
_CLOUDFLARE = {
    521: "the web server is down",
    522: "the connection timed out",
    523: "the origin cannot be reached",
    524: "no answer within 100 seconds",
}

# 200 without results or errors was seen in production for batch writes: rudder-transformer (read 2026-11).
# 429: usage guidelines, with no Retry-After by default; 401 and 403: error handling; 423 locks and 477 moves of a
# portal between data centres: error handling. developers.hubspot.com (read 2026-11).
_OWN: tuple[Kind, ...] = (
    answers(
        "401",
        "the token is over",
        _says(401, "The OAuth token used to make this call expired", "EXPIRED_AUTHENTICATION"),
    ),
    answers(
        "401-other",
        "the token is not known",
        _says(401, "Authentication credentials not found.", "INVALID_AUTHENTICATION"),
    ),
    answers("401-empty", "401 without a body", Answered(401)),
    answers(
        "403-access",
        "a scope is missing",
        _says(
            403,
            "This app hasn't been granted all required scopes to make this call.",
            "MISSING_SCOPES",
        ),
    ),
    answers(
        "403-flat",
        "a scope is missing, in the other shape",
        _says(
            403,
            "One or more of the following scopes are required.",
            "MISSING_SCOPES",
            context={"requiredGranularScopes": ["crm.objects.contacts.read"]},
        ),
    ),
    # Some older endpoints do: notes measured on a portal, 2026-08-20.
    answers(
        "403-echo",
        "a scope is missing, and the answer holds a part of a token",
        _says(403, "The token pat-na1-0a1b2c3d**** does not have proper permissions"),
    ),
    answers("404", "there is nothing there", _says(404, "resource not found")),
    answers("414", "the address is too long", _says(414, "Request-URI Too Long")),
    answers("423", "the account is locked for a moment", _says(423, "Locked"), waits=True),
    answers(
        "429",
        "too many calls in ten seconds",
        _says(
            429,
            "You have reached your ten_secondly_rolling limit.",
            errorType="RATE_LIMIT",
            policyName="TEN_SECONDLY_ROLLING",
            groupName="publicapi:private-app-api-calls-ten-secondly",
        ),
        waits=True,
    ),
    answers(
        "429-daily",
        "the calls of the day are used up",
        _says(
            429,
            "You have reached your daily limit.",
            errorType="RATE_LIMIT",
            policyName="DAILY",
            requestId=_ID,
        ),
    ),
    answers(
        "429-search",
        "too many searches in a second",
        _says(429, "You have reached your secondly limit.", "RATE_LIMITS"),
        waits=True,
    ),
    answers(
        "429-text",
        "too many calls for the layer before the CRM, which says so in plain text",
        Answered(429, b"error code: 1015", (("content-type", "text/plain"),)),
        waits=True,
    ),
    answers(
        "477",
        "the account moves to another data centre",
        _says(477, "Account is being migrated"),
        waits=True,
    ),
    answers("500", "the platform failed", _says(500, "internal error"), waits=True),
    answers("503", "the platform is not available", _says(503, "Service unavailable"), waits=True),
    *(
        answers(str(status), told, Answered(status, b"error code: %d" % status, _PLAIN))
        for status, told in _CLOUDFLARE.items()
    ),
    answers(
        "nothing-done",
        "200 with neither results nor errors, and nothing was done",
        as_json(200, {"status": "COMPLETE", "results": [], "errors": []}),
        path="*/batch/*",
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
HUBSPOT_KINDS: Mapping[str, Kind] = {each.name: each for each in (*_OWN, *SHARED)}
