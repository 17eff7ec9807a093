"""The envelope of batch answers, and the rules that hold for the inputs of every batch."""

from __future__ import annotations

from typing import Any

from crmsync.sandbox.hubspot.calls import Answer, Call, listed, mapping
from crmsync.sandbox.hubspot.errors import Body, invalid
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.wire import iso


def envelope(portal: Portal, status: int, results: list[Any], errors: list[Body]) -> Answer:
    """The answer of a batch: the status given, or 207 with the errors beside the results."""
    now = iso(portal.clock.now())
    body: dict[str, Any] = {
        "status": "COMPLETE",
        "results": results,
        "startedAt": now,
        "completedAt": now,
    }
    if errors:
        body |= {"numErrors": len(errors), "errors": errors}
    return Answer(207 if errors else status, body)


def inputs(call: Call, most: int, message: str | None = None) -> list[dict[str, Any]]:
    """The inputs of a batch; Refusal 400 if there are more than `most` or they are malformed."""
    told = [mapping(one, "inputs") for one in listed(call.fields(), "inputs")]
    if len(told) > most:
        # Wording quoted in a public engineering note (read 2026-11).
        raise invalid(
            message
            or f"The maximum number of inputs supported in a batch is {most}. "
            "Please reduce the number of items and try again"
        )
    return told


def no_doubles(ids: list[str]) -> None:
    """Refusal 400 if an id comes twice: recorded 2024."""
    doubles = list(dict.fromkeys(one for one in ids if ids.count(one) > 1))
    if doubles:
        message = f"Duplicate IDs found in batch input: [{', '.join(doubles)}]. IDs must be unique"
        raise invalid(message, context={"ids": doubles})
