"""The words of the lifecycle in both languages: stages, dispositions, what happened, and from what it follows."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.language import N_

STAGES: Mapping[str, str] = {
    "subscriber": N_("Subscriber"),
    "lead": N_("Lead"),
    "mql": N_("MQL"),
    "sal": N_("SAL"),
    "sql": N_("SQL"),
    "opportunity": N_("Opportunity"),
    "customer": N_("Customer"),
    "evangelist": N_("Evangelist"),
    "other": N_("Other (outside the ladder)"),
}
DISPOSITIONS: Mapping[str, str] = {
    "new": N_("new"),
    "attempting": N_("being called"),
    "connected": N_("reached"),
    "accepted": N_("accepted"),
    "rejected": N_("rejected"),
    "recycled": N_("sent back to marketing"),
    "disqualified": N_("disqualified"),
    "nurture": N_("in nurturing"),
}
STATUSES: Mapping[str, str] = {
    "active": N_("active customer"),
    "former": N_("former customer"),
}
KINDS: Mapping[str, str] = {
    "entered": N_("entered"),
    "exited": N_("left"),
    "reset": N_("was cleared"),
    "propagated": N_("came from the company"),
    "recycled": N_("went back"),
    "disqualified": N_("disqualified at"),
    "reopened": N_("taken up again at"),
    "inferred": N_("was there already"),
}
HOW: Mapping[str, str] = {
    "property": N_("its stage field"),
    "status": N_("its lead status"),
    "record": N_("a lead that is not converted"),
    "queue": N_("taken from a queue by a person"),
    "conversion": N_("a converted lead"),
    "deal": N_("a deal"),
    "unknown_value": N_("a stage that lifecycle.yml does not explain: {text}"),
    "all_deals_lost": N_("all deals lost"),
    "nothing_said": N_("says nothing"),
}
SOURCES: Mapping[str, str] = {
    "history": N_("by its history"),
    "stage_time": N_("by the date of the stage"),
    "field": N_("by a date field"),
    "property": N_("by the date of the current stage"),
    "now": N_("when it was read"),
    "record": N_("the lead was created"),
    "queue": N_("the owner changed"),
    "conversion": N_("the lead was converted"),
    "deal": N_("by a deal"),
    "status": N_("by the lead status"),
}
