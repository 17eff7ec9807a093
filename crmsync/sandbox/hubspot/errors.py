"""What the portal answers when it refuses: statuses and bodies as recorded from the real one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson

Body = dict[str, Any]
Context = dict[str, list[str]]


class Refusal(Exception):
    """An answer outside 2xx: a status, a body without correlation id, and extra headers.

    `item_context` is told only where the refusal is one entry of a 207.
    """

    def __init__(
        self,
        status: int,
        message: str,
        category: str | None = None,
        *,
        headers: dict[str, str] | None = None,
        item_context: Context | None = None,
        **more: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.headers = headers or {}
        self.item_context = item_context or {}
        self.body: Body = {"status": "error", "message": message, **more}
        if category:
            self.body["category"] = category

    def item(self, trace_id: str | None = None) -> Body:
        """The same refusal as one entry of `errors` in a 207."""
        context = {**self.body.get("context", {}), **self.item_context}
        if trace_id is not None:
            context["objectWriteTraceId"] = [trace_id]
        # Without anything to say there is no context: recorded of an association, 2026-05.
        return {**self.body, "context": context} if context else self.body


def invalid(message: str, **more: Any) -> Refusal:
    """400 VALIDATION_ERROR."""
    return Refusal(400, message, "VALIDATION_ERROR", **more)


def malformed(message: str, line: int = 1, column: int = 1) -> Refusal:
    """400 for a body that is not the JSON expected; the real answer has no category."""
    return Refusal(400, f"Invalid input JSON on line {line}, column {column}: {message}")


def not_found() -> Refusal:
    """404 of a numeric id nobody has; the real answer has no category."""
    return Refusal(404, "resource not found")


def unknown_object(name: str) -> Refusal:
    """400 for a type the portal does not know; the real answer has no category."""
    return Refusal(400, f"Unable to infer object type from: {name}")


def contact_exists(id_: str | None, *, in_context: bool) -> Refusal:
    """409 for an e-mail somebody has; without id when it is another input of the same batch.

    An entry of a 207 has the id in its context, too; a 409 only if it is to be `in_context`.
    """
    if id_ is None:
        return Refusal(409, "Contact already exists", "CONFLICT")
    message = f"Contact already exists. Existing ID: {id_}"
    context = {"existingId": [id_]}
    if in_context:
        return Refusal(409, message, "CONFLICT", context=context)
    return Refusal(409, message, "CONFLICT", item_context=context)


def value_taken(
    portal_id: int, singular: str, taken: tuple[str, str], ids: tuple[str, str]
) -> Refusal:
    """400 for a unique value somebody has: names the record that was to get it, then the one that has it."""
    name, value = taken
    where = (
        f"PropertyValueCoordinates{{portalId={portal_id}, objectTypeId=ObjectTypeId{{legacyObjectType="
        f"{singular.upper()}}}, propertyName={name}, value={value}}}"
    )
    message = f"Cannot set {where} on {ids[0]}. {ids[1]} already has that value."
    one = {
        "message": message,
        "code": "CONFLICTING_UNIQUE_VALUE",
        "context": {"propertyName": [name]},
    }
    return invalid(message, errors=[one])


def not_unique(type_id: str, name: str) -> Refusal:
    """400 for an `idProperty` that identifies nobody."""
    return invalid(f"Unable to perform update/upsert by non-unique {type_id} property {name}")


def problem(name: str, value: str, message: str, code: str, portal_id: int) -> Body:
    """One invalid property, as listed in the message of `invalid_properties`."""
    return {
        "isValid": False,
        "message": message,
        "error": code,
        "name": name,
        "localizedErrorMessage": message,
        "propertyValue": value,
        "portalId": portal_id,
    }


def invalid_properties(problems: Sequence[Body]) -> Refusal:
    """400 naming every invalid property twice: as JSON in the message and in `errors`."""
    listed = orjson.dumps(list(problems)).decode()
    errors = [
        {
            "message": one["message"],
            "code": one["error"],
            "context": {"propertyName": [one["name"]]},
        }
        for one in problems
    ]
    return invalid(f"Property values were not valid: {listed}", errors=errors)


def missing_ids(singular: str, ids: Sequence[str]) -> Body:
    """The one entry of `errors` that lists every id a batch could not find."""
    message = (
        f"Could not get some {singular.upper()} objects, they may be deleted or not exist. "
        "Check that ids are valid."
    )
    return {
        "status": "error",
        "category": "OBJECT_NOT_FOUND",
        "message": message,
        "context": {"ids": list(ids)},
    }
