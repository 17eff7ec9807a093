"""What the simulated Salesforce answers when it refuses something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class ApiError:
    """One error as the API names it; `status` is the HTTP status of a single-record call."""

    code: str
    message: str
    fields: tuple[str, ...] = ()
    status: int = 400
    # What stands beside code and message in the answer: the matches of a duplicate rule.
    extra: tuple[tuple[str, Any], ...] = ()


class Refusal(Exception):
    """Stops what is being done; carries the errors to answer with, at least one."""

    def __init__(self, *errors: ApiError) -> None:
        super().__init__(errors[0].message)
        self.errors = errors


def refuse(code: str, message: str, *fields: str, status: int = 400) -> Refusal:
    """A refusal with one error, ready to raise."""
    return Refusal(ApiError(code, message, fields, status))


# The shapes differ: `errorCode` alone, `statusCode` in collections (grouparoo recordings, read 2026-11).
def single_body(errors: tuple[ApiError, ...]) -> list[dict[str, Any]]:
    """The body of a refused single call: an array."""
    return [
        {
            **dict(error.extra),
            "message": error.message,
            "errorCode": error.code,
            **({"fields": list(error.fields)} if error.fields else {}),
        }
        for error in errors
    ]


def item_errors(errors: tuple[ApiError, ...], *, with_extra: bool = False) -> list[dict[str, Any]]:
    """The `errors` of one item of a collection."""
    return [
        {
            **(dict(error.extra) if with_extra else {}),
            "statusCode": error.code,
            "message": error.message,
            "fields": list(error.fields),
        }
        for error in errors
    ]


NOT_FOUND = ApiError("NOT_FOUND", "The requested resource does not exist", status=404)
ENTITY_IS_DELETED = ApiError("ENTITY_IS_DELETED", "entity is deleted", status=404)
INVALID_CROSS_REFERENCE = ApiError("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
CONVERTED_LEAD = ApiError("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
# Text of public threads on row locks (read 2026-11).
ROW_LOCKED = ApiError(
    "UNABLE_TO_LOCK_ROW",
    "unable to obtain exclusive access to this record or 1 records: 001000000000001AAA",
)
ROLLED_BACK = ApiError(
    "ALL_OR_NONE_OPERATION_ROLLED_BACK",
    "Record rolled back because not all records were valid and the request was using AllOrNone header",
)
