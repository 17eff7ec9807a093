"""What audits need, in words: for the list of those that were not checked."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from crmsync.language import N_

NEEDS: Mapping[str, str] = {
    "activity": N_("calls, e-mails and meetings"),
    "activity.outcome": N_("outcomes of calls"),
    "association.created_at": N_("dates of contact roles"),
    "association.deal.contact": N_("contacts of deals"),
    "automation": N_("automations"),
    "calendar": N_("working hours of the users"),
    "consent": N_("consents"),
    "conversion": N_("what became of converted leads"),
    "event": N_("history of changes"),
    "event.contact": N_("history of contacts"),
    "event.deal": N_("history of deals"),
    "handoff": N_("hand-offs to sales"),
    "hours": N_("working hours of the users"),
    "inbound": N_("forms and others that ask for an answer"),
    "inventory": N_("a count of all fields (crmsync pull --inventory)"),
    "linked": N_("links between the systems"),
    "marketing.hard_bounce": N_("bounced e-mails"),
    "marketing.legal_basis": N_("legal basis"),
    "marketing.marketable": N_("which contacts are marketing contacts"),
    "native_connector": N_("settings of the native connector"),
    "native_link": N_("links of the native connector"),
    "owned": N_("owners of records"),
    "owner": N_("users of the CRM"),
    "pair": N_("a second system"),
    "probable_duplicate": N_("a search for duplicates since the last pull and decision"),
    "property": N_("fields of the CRM"),
    "settled": N_("an earlier sync"),
    "stage_event": N_("dates of lifecycle stages"),
    "stage_time": N_("dates of lifecycle stages"),
    "standing": N_("lifecycle stages"),
    "ticket.created_at": N_("dates on which tickets came"),
    "unreadable": N_("values of all records"),
}
"""Tables and facts of the face; a field is called what the mapping calls it."""
_HELP: Mapping[str, str] = {
    "inventory": N_("Count them once: crmsync pull --inventory."),
    "native_connector": N_("Look once: crmsync pull --inventory."),
    "consent": N_(
        "Set `consent: statuses` for HubSpot in crmsync.yml (docs/connectors.md), then crmsync pull."
    ),
    "linked": N_("There are none before the first one is made: crmsync plan, then crmsync apply."),
    "settled": N_("There is none before the first one: crmsync plan, then crmsync apply."),
    "probable_duplicate": N_("Search in it: crmsync fix duplicates, then crmsync audit --no-pull."),
    "owner": N_("Let them be read (crmsync doctor says what is missing), then crmsync pull."),
    "automation": N_("Let them be read (crmsync scopes names the right), then crmsync pull."),
}
_UNMAPPED = N_("Map it, and let it be read (docs/mapping.md, crmsync doctor); then crmsync pull.")
_NO_TICKETS = N_("Map tickets or cases (docs/audits.md, Tickets and cases); then crmsync pull.")
_NO_COLUMN = N_(
    "Export the column, or say which one it is under `columns` in crmsync.yml (docs/connectors.md); then crmsync pull."
)
_NOT_IN_FILES = N_("An export cannot hold that: it takes the system itself (docs/starting.md).")
_NEVER_IN_FILES = frozenset(
    (
        *("activity", "activity.outcome", "association.created_at", "automation", "calendar"),
        *("consent", "conversion", "event", "event.contact", "event.deal", "handoff", "hours"),
        *("inbound", "marketing.hard_bounce", "marketing.legal_basis", "native_connector"),
        *("owner", "property", "stage_event", "stage_time"),
    )
)
_HELD_IN_FILES = frozenset(("contact", "company", "deal", "marketing"))
_UNKNOWN = N_("Add the system to crmsync.yml (docs/starting.md).")
_UNREAD = N_("crmsync doctor says what is missing; then crmsync pull.")


def advice_for(need: str, exports: Collection[str] = frozenset()) -> str:
    """What brings what an audit needs: a fact by its name, a field by a mapping; a message of the catalogue.

    `exports` are the systems that are files, "" among them where all are: a file has no rights to give.
    """
    head, _colon, word = need.rpartition(":")
    if head in exports and word in _NEVER_IN_FILES:
        return _NOT_IN_FILES
    if head in exports and word.partition(".")[0] in _HELD_IN_FILES:
        return _NO_COLUMN
    if word in _HELP:
        return _HELP[word]
    if head == "system":
        return _UNKNOWN
    if word.startswith("ticket."):
        return _NO_TICKETS
    return _UNMAPPED if "." in word else _UNREAD
