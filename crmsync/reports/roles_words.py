"""Proposals of contact roles in words: how sure, why, what to do first, and what they come to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from crmsync.core.roles import RoleFigures, RoleProposal
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.facts import Links
from crmsync.reports.masking import mask
from crmsync.reports.numbers import money, number, quantity
from crmsync.reports.words import joined, named, system_name

GRADES: Mapping[str, str] = {
    "certain": N_("certain"),
    "strong": N_("strong"),
    "medium": N_("medium"),
    "weak": N_("weak"),
}
REASONS: Mapping[str, str] = {
    "role": N_("is on the deal already, under a role without a name"),
    "conversion": N_("one conversion made a lead into this contact and this deal"),
    "linked_conversion": N_(
        "one conversion in {system} made a lead into this contact and this deal"
    ),
    "association": N_("is on the same deal in {system}"),
    "activity": N_("an activity in {system} is tied to this contact and this deal"),
    "only_contact": N_("is the only contact at the company"),
    "campaign": N_("is at the company, and answered a campaign in the year before the deal"),
}
STEPS: Mapping[str, str] = {
    "add": N_("add the contact to the deal"),
    "name": N_("give the role a name"),
    "look": N_("look first: {doubt}"),
    "create": N_("not in {system}: create or link the contact first"),
    "convert": N_("still a lead in {system}: convert it, or link a contact, first"),
}
DOUBTS: Mapping[str, str] = {
    "mailbox": N_("a mailbox of a team"),
    "other_account": N_("at another company"),
    "bounced": N_("mail bounces, so they may have left"),
}
STATES: Mapping[str, str] = {
    "won": N_("deal won"),
    "lost": N_("deal lost"),
    "open": N_("deal open"),
}
UNREAD: Mapping[str, str] = {
    "ties": N_("{system}: who is on which deal was not read, so nothing is said of its deals."),
    "activity": N_("{system}: activities were not read, so nobody is proposed for them."),
    "conversion": N_("{system}: what leads became was not read, so nobody is proposed for it."),
    "campaign": N_("{system}: campaigns were not read, so nobody is proposed for them."),
}


@dataclass(frozen=True, slots=True)
class RoleReport:
    """What `fix roles` shows: figures of all deals, and the proposals that were asked for.

    `accepted` is the grade that is taken, with all better ones; blank if nobody said. `role` is the name that accepted
    roles get. `as_of` is when the systems were last read.
    """

    figures: RoleFigures
    proposals: tuple[RoleProposal, ...]
    as_of: datetime
    links: Links = field(default_factory=dict)
    accepted: str = ""
    role: str = ""


def amounts_text(amounts: Mapping[str, Decimal], language: str) -> str:
    """Amounts of several currencies beside each other, never added up; "" for none."""
    return joined([money(amount, code, language) for code, amount in amounts.items()], language)


def headline(figures: RoleFigures, language: str) -> str:
    """How many won deals without a contact role could be attributed, and what they are worth; "" if there are none."""
    if not figures.won:
        return ""
    if not figures.proposed_won:
        said = quantity(
            "Nothing that was read says who was on {n} won deal without a contact role{worth}.",
            "Nothing that was read says who was on {n} won deals without a contact role{worth}.",
            figures.won,
            language,
        )
        return said.replace("{worth}", _worth(figures.amounts, language))
    said = quantity(
        "{some} of {n} won deal without a contact role{worth} could be attributed ({grades}).",
        "{some} of {n} won deals without a contact role{worth} could be attributed ({grades}).",
        figures.won,
        language,
    )
    grades = [
        f"{named(GRADES, each.grade, language)}: {number(each.won, language)}"
        for each in figures.counts
        if each.won
    ]
    holes = {
        "some": number(figures.proposed_won, language),
        "worth": _worth(figures.attributable, language),
        "grades": ", ".join(grades),
    }
    for name, text in holes.items():
        said = said.replace("{" + name + "}", text)
    return said


def _worth(amounts: Mapping[str, Decimal], language: str) -> str:
    shown = amounts_text(amounts, language)
    return f" ({shown})" if shown else ""


def audit_line(figures: RoleFigures | None, language: str) -> str:
    """The headline, and the command that says more; "" where no won deal lacks a contact role."""
    said = headline(figures, language) if figures else ""
    see = translate("See:", language)
    return f"{said} {see} crmsync fix roles" if said else ""


def reason(proposal: RoleProposal, language: str) -> str:
    """Why somebody is proposed, with what is known beside: the role there, the day, how often."""
    system = system_name(proposal.record.system)
    said = translate(REASONS[proposal.evidence], language).format(system=system)
    more = [clean(proposal.said, 60)] if proposal.said else []
    more += [proposal.on.isoformat()] if proposal.on else []
    if proposal.times > 1:
        more.append(quantity("{n} time", "{n} times", proposal.times, language))
    return f"{said} ({'; '.join(more)})" if more else said


def step(proposal: RoleProposal, language: str) -> str:
    """What is to be done."""
    doubt = named(DOUBTS, proposal.doubt, language) if proposal.doubt else ""
    said = translate(STEPS[proposal.step], language)
    return said.format(system=system_name(proposal.deal.system), doubt=doubt)


def unread(figures: RoleFigures, language: str) -> list[str]:
    """What could not be looked at, a sentence each."""
    return [
        translate(UNREAD[what], language).format(system=system_name(system))
        for system, what in figures.unread
    ]


def shown_name(name: str, *, unmask: bool) -> str:
    """What a deal or a person is called, masked unless asked."""
    return clean(name, 80) if unmask else mask(name, "name", 80)


def worth(proposal: RoleProposal, language: str) -> str:
    """The amount of the deal; "" where it has none."""
    if proposal.amount is None:
        return ""
    return money(proposal.amount, proposal.currency, language)
