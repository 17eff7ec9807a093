"""What is an attempt to reach somebody, and what is a contact: one table, RULES, read from above; the first that fits.

An attempt is what a person of ours did to reach a customer; a contact is a conversation, or an answer of theirs. A
meeting is an attempt when it is arranged and a contact when it is held. Whatever no rule names is neither: open tasks,
notes, mailings to many, forwarded mail, what was called off before it happened.

An outcome is a word of the portal's own choosing. It is told by its id where that is one that every portal has from the
start, else by its label (OUTCOMES, in English, Spanish and Portuguese), else by what the agreement says of it. One that
nobody knows is no contact; it is told as not measurable, and an audit names it.

Must not know: where activities come from, and any setting.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from crmsync.core.agreement import Meaning

Channel: TypeAlias = Literal["call", "voicemail", "email", "meeting"]
When: TypeAlias = Literal["happened", "created", "done"]
"""The time that counts: when it happened, when it was put down, or when it was done, else put down."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Which activities count as what. An empty condition is met by all; `-` of a list stands for a blank."""

    object: tuple[str, ...]
    kind: str = ""
    subtype: tuple[str, ...] = ()
    direction: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    meaning: tuple[str, ...] = ()
    robot: bool | None = None
    attempt: Channel | None = None
    attempt_at: When = "happened"
    contact: bool = False
    contact_at: When = "happened"


_CALLS, _MAILS, _MEETINGS, _TASK, _EVENT = (
    ("calls",),
    ("emails",),
    ("meetings",),
    ("Task",),
    ("Event",),
)
_DONE = ("closed", "-")
_OURS = ("outbound", "-")
_MISSED = (
    "no_answer",
    "busy",
    "voicemail",
    "message",
    "wrong_number",
    "failed",
    "no_show",
    "nothing",
)

RULES: tuple[Rule, ...] = (
    # What is to come, and what was called off, nobody has done. A meeting was arranged all the same.
    Rule((*_CALLS, *_MAILS, *_TASK), state=("open", "cancelled")),
    # Calls of HubSpot; one whose direction nobody gave was logged by hand, by who had called
    Rule(_CALLS, direction=("inbound",), meaning=_MISSED),
    Rule(_CALLS, direction=("inbound",), contact=True),
    Rule(_CALLS, direction=_OURS, state=_DONE, robot=False, meaning=("connected",), attempt="call", contact=True),
    Rule(_CALLS, direction=_OURS, state=_DONE, robot=False, meaning=("voicemail",), attempt="voicemail"),
    Rule(_CALLS, direction=_OURS, state=_DONE, robot=False, attempt="call"),
    # E-mails of HubSpot
    Rule(_MAILS, subtype=("INCOMING_EMAIL",), robot=False, contact=True),
    Rule(_MAILS, subtype=("EMAIL",), meaning=("failed",)),
    Rule(_MAILS, subtype=("EMAIL",), state=_DONE, robot=False, attempt="email"),
    # Meetings of HubSpot
    Rule(_MEETINGS, meaning=("held",), state=_DONE, robot=False, attempt="meeting", attempt_at="created", contact=True),
    Rule(_MEETINGS, robot=False, attempt="meeting", attempt_at="created"),
    # Tasks of Salesforce. ActivityDate is a day and never a time: developer.salesforce.com, Task (read 2026-11)
    Rule(_TASK, kind="call", direction=("inbound",), meaning=_MISSED),
    Rule(_TASK, kind="call", direction=("inbound",), state=("closed",), contact=True, contact_at="done"),
    Rule(_TASK, kind="call", direction=_OURS, state=("closed",), robot=False, meaning=("connected",),
         attempt="call", attempt_at="done", contact=True, contact_at="done"),
    Rule(_TASK, kind="call", direction=_OURS, state=("closed",), robot=False, meaning=("voicemail",),
         attempt="voicemail", attempt_at="done"),
    Rule(_TASK, kind="call", direction=_OURS, state=("closed",), robot=False, attempt="call", attempt_at="done"),
    Rule(_TASK, kind="email", subtype=("ListEmail",)),
    Rule(_TASK, kind="email", state=("closed",), robot=False, attempt="email", attempt_at="created"),
    # Events of Salesforce have no outcome: one that is over was held
    Rule(_EVENT, robot=False, attempt="meeting", attempt_at="created", contact=True),
)  # fmt: skip

OUTCOME_IDS: Mapping[str, Meaning] = {
    # Outcomes of calls of a fresh portal: public connectors' tables, which do not agree on all of them, but on what
    # portals call them (read 2026-11)
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "connected",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "voicemail",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "message",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "no_answer",
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "busy",
    "17b47fee-58de-441e-a44c-c6300d46f273": "wrong_number",
}
"""What the ids mean that every portal has, whatever they are called there by now."""

OUTCOMES: Mapping[str, Meaning] = {
    **dict.fromkeys(("connected", "reached", "contacted", "answered", "spoke", "spoke with contact", "interested",
                     "conectado", "conectada", "contactado", "contactada", "contacto", "contestó", "contesta",
                     "respondió", "atendió", "hablado", "habló", "atendida", "falou", "atendeu",
                     "conectou"), "connected"),
    **dict.fromkeys(("left voicemail", "voicemail", "left message", "dejó mensaje de voz", "mensaje de voz", "buzón",
                     "buzón de voz", "dejó buzón", "correio de voz", "caixa postal"), "voicemail"),
    **dict.fromkeys(("left live message", "left a message", "dejó mensaje", "dejó recado", "recado", "deixou recado",
                     "dejó mensaje en directo"), "message"),
    **dict.fromkeys(("no answer", "no_answer", "not answered", "unanswered", "no contesta", "no contestó",
                     "sin respuesta", "no responde", "no atendió", "não atendeu", "nao atendeu"), "no_answer"),
    **dict.fromkeys(("busy", "ocupado", "comunica", "línea ocupada"), "busy"),
    **dict.fromkeys(("wrong number", "bad number", "número equivocado", "número erróneo", "número incorrecto",
                     "número errado"), "wrong_number"),
    **dict.fromkeys(("no_show", "no show"), "no_show"),
    **dict.fromkeys(("bounced", "failed", "canceled", "cancelled"), "failed"),
    **dict.fromkeys(("not interested", "no interesado", "do not call", "callback", "call back", "llamar más tarde",
                     "volver a llamar"), "nothing"),
}  # fmt: skip
"""What labels mean, in small letters."""

HELD = "completed"
"""The outcome of a meeting that was held. Of a call it says that it is over, and not that anybody answered."""

NO_OUTCOMES = ("completed", "sent", "sending", "scheduled", "rescheduled", "not_started", "in_progress", "waiting",
               "deferred", "queued", "ringing", "connecting", "calling_crm_user")  # fmt: skip
"""Words of a state, in the place of an outcome: they say nothing of whether anybody was reached."""

AUTOMATIC = (
    # What sends by itself: origins seen in portals, an open set (read 2026-11)
    *("AUTOMATION_PLATFORM", "WORKFLOWS", "WORKFLOW", "MARKETING_EMAIL", "BULK_ENROLLMENT"),
)
SEQUENCES = ("SEQUENCES", "SEQUENCE", "SALES_SEQUENCE")
IMPORTED = ("IMPORT", "MIGRATION", "BATCH_UPDATE", "BACKFILL")
"""Origins of what was brought in afterwards: its times are as good as those of the file."""

AUTO_REPLY = (
    r"^\W*(automatic reply|auto(matic)?[- ]?(reply|response)|out of (the )?office|respuesta autom[aá]tica|"
    r"fuera de (la )?oficina|ausente|ausencia|resposta autom[aá]tica|fora do escrit[oó]rio)"
)
"""Subjects that a machine answers with, in small letters."""
ROBOT_NAMES = r"(^|\W)(hubspot|integration|integraci[oó]n|automated process|api user|usuario api|robot|bot|sync)($|\W)"
"""Names of users that are no people, in small letters: administrators call the user of an integration after it."""
