"""Rights in the words of an administrator: what is needed and why, what is missing, what is too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from crmsync.core.rights import Need, Review, Right
from crmsync.language import N_, translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import quantity
from crmsync.reports.terminal import columns
from crmsync.reports.words import named

_VERBS: Mapping[str, str] = {
    "read": N_("read"),
    "create": N_("create"),
    "edit": N_("edit"),
    "delete": N_("delete"),
    "view_all": N_("view all records"),
    "modify_all": N_("modify all records"),
}
_WHYS: Mapping[str, str] = {
    "api": N_("nothing can be asked without it"),
    "read": N_("what the mapping names is read"),
    "all": N_("a record that cannot be seen looks deleted"),
    "write": N_("what the mapping writes is changed"),
    "create": N_("the mapping creates records"),
    "owner": N_("owners of other people's records are changed"),
    "key": N_("a created record carries our key"),
    "ties": N_("ties to these records are read"),
    "parent": N_("Salesforce grants the others only together with it"),
    "consent": N_("opt-outs are written through communication preferences alone"),
    "facts": N_("not needed to sync: facts beside the records are read with it"),
    "install": N_("not needed to sync: our key is not there yet (crmsync footprint install)"),
    "workflows": N_("not needed to sync: workflows are listed with it"),
    "look": N_("not needed to sync: it shows flows, rules, limits and who grants what"),
}
PERMISSIONS: Mapping[str, str] = {
    "ModifyAllData": N_("Modify All Data"),
    "ViewAllData": N_("View All Data"),
    "ManageUsers": N_("Manage Users"),
    "CustomizeApplication": N_("Customize Application"),
    "ModifyMetadata": N_("Modify Metadata"),
    "AuthorApex": N_("Author Apex"),
    "BulkApiHardDelete": N_("Bulk API Hard Delete"),
    "EditReadonlyFields": N_("Edit Read Only Fields"),
    "TransferAnyEntity": N_("Transfer Record"),
    "TransferAnyLead": N_("Transfer Leads"),
    "ApiEnabled": N_("API Enabled"),
    "ViewSetup": N_("View Setup and Configuration"),
    "ViewRoles": N_("View Roles and Role Hierarchy"),
}
"""As Setup calls them, what opens the most first."""
_STATES: Mapping[str, str] = {
    "held": N_("has it"),
    "missing": N_("missing"),
    "unchecked": N_("not checked"),
}
UNCHECKED: Mapping[str, str] = {
    "permissions": N_("its permissions over everything: this user may not ask for them"),
    "sources": N_(
        "who grants what, and rights over objects outside the mapping: that takes View Setup"
    ),
    "sources_none": N_(
        "who grants what, and rights over objects outside the mapping: the org names no permission set of this user"
    ),
    "sources_refused": N_(
        "who grants what, and rights over objects outside the mapping: the org refused it, though this user has View "
        "Setup"
    ),
    "scopes": N_(
        "what it may write, and scopes in whose place another one served: HubSpot tells nothing of a service key or "
        "private app, and only a write would show it"
    ),
    "scopes_served": N_("scopes in whose place another one served"),
    "sharing": N_("sharing: whether it may change records that other people own"),
    "held": N_(
        "what the credential has: HubSpot shows it under Service Keys, or in the private app"
    ),
}
_MOST_FIELDS = 6
_LONGEST = 80


def scopes_text(reviews: Iterable[Review], language: str) -> str:
    """Every system: what is needed, then what is missing, optional, too much, and not checked."""
    return "\n\n".join(_system(each, language) for each in reviews) + "\n"


def _system(review: Review, language: str) -> str:
    if not review.needs:
        text = translate("{system}: files and databases ask for no rights of this kind.", language)
        return text.format(system=review.system)
    title = translate("{system}: what this mapping needs", language).format(system=review.system)
    parts = [
        title + "\n" + _table(review, language),
        "  " + translate("Deleting is needed nowhere.", language),
        _section(N_("Missing:"), "✗", missing_lines(review, language, needed=True), language),
        _section(N_("Optional:"), "-", missing_lines(review, language, needed=False), language),
        _section(N_("More than it needs:"), "!", excess_lines(review, language), language),
        _section(N_("Not checked:"), "-", unchecked_lines(review, language), language),
    ]
    return "\n".join(part for part in parts if part)


def _section(title: str, mark: str, lines: Sequence[str], language: str) -> str:
    return (
        "\n".join([translate(title, language), *(f"  {mark} {line}" for line in lines)])
        if lines
        else ""
    )


def _table(review: Review, language: str) -> str:
    rows = [
        (
            said(need.right, language),
            translate(_STATES[review.state(need)], language),
            translate(_WHYS[need.why], language),
        )
        for need in review.needs
        if need.right.kind != "field"
    ]
    rows += [_fields_row(review, group, language) for group in _grouped(review.needs)]
    return "\n".join(f"  {line}" for line in columns(rows))


def _grouped(needs: Iterable[Need]) -> list[list[Need]]:
    """Fields of one object with one verb, together."""
    groups: dict[tuple[str, str], list[Need]] = {}
    for need in needs:
        if need.right.kind == "field":
            groups.setdefault((need.right.object, need.right.verb), []).append(need)
    return list(groups.values())


def _fields_row(review: Review, group: Sequence[Need], language: str) -> tuple[str, str, str]:
    first = group[0].right
    count = quantity("{n} field of {object}", "{n} fields of {object}", len(group), language)
    states = {review.state(need) for need in group}
    worst = next(each for each in ("missing", "unchecked", "held") if each in states)
    names = [need.right.place.partition(".")[2] for need in group]
    return (
        f"{count.format(object=first.object)}: {translate(_VERBS[first.verb], language)}",
        translate(_STATES[worst], language),
        ", ".join(names),
    )


def said(right: Right, language: str) -> str:
    """A right in words: an object with what may be done, or the name that Setup shows."""
    place = clean(right.place, _LONGEST)
    if right.verb:
        return f"{place}: {translate(_VERBS[right.verb], language)}"
    name = PERMISSIONS.get(right.place)
    return f"{translate(name, language)} ({place})" if name else place


def missing_lines(review: Review, language: str, *, needed: bool) -> list[str]:
    """A line for each right that is missing, with what it is for: those that are `needed`, or those that are not."""
    return [
        f"{said(need.right, language)} ({_for(need, language)})"
        for need in review.missing
        if need.needed is needed
    ]


def _for(need: Need, language: str) -> str:
    return ", ".join(need.fields[:_MOST_FIELDS]) or translate(_WHYS[need.why], language)


def excess_lines(review: Review, language: str) -> list[str]:
    """Rights without use: permissions one by one, objects by verb, fields counted."""
    sources = review.held.sources if review.held else {}
    found = []
    grave = list(PERMISSIONS)
    spare = [each for each in review.excess if each.kind == "permission"]
    for right in sorted(
        spare, key=lambda each: grave.index(each.place) if each.place in grave else len(grave)
    ):
        found.append(said(right, language) + _by(sources.get(right, ()), language))
    found += _objects(review, sources, language)
    return found + list(_spare_fields(review, language))


def _objects(
    review: Review, sources: Mapping[Right, Sequence[str]], language: str
) -> Iterator[str]:
    verbs: dict[str, list[Right]] = {}
    for right in review.excess:
        if right.kind == "object":
            verbs.setdefault(right.verb, []).append(right)
    for verb, rights in verbs.items():
        who = sorted({name for right in rights for name in sources.get(right, ())})
        names = ", ".join(right.place for right in rights[:_MOST_FIELDS])
        more = ", …" if len(rights) > _MOST_FIELDS else ""
        yield f"{translate(_VERBS[verb], language)}: {names}{more}{_by(who, language)}"


def _spare_fields(review: Review, language: str) -> Iterator[str]:
    spare: dict[str, list[str]] = {}
    for right in review.excess:
        if right.kind == "field":
            spare.setdefault(right.object, []).append(right.place.partition(".")[2])
    for object_, names in spare.items():
        text = quantity(
            "edit on {n} field of {object} that the mapping never writes: {names}",
            "edit on {n} fields of {object} that the mapping never writes: {names}",
            len(names),
            language,
        )
        more = ", …" if len(names) > _MOST_FIELDS else ""
        yield text.format(object=object_, names=", ".join(names[:_MOST_FIELDS]) + more)


def _by(sources: Sequence[str], language: str) -> str:
    if not sources:
        return ""
    names = ", ".join(clean(each, _LONGEST) for each in sources)
    return " " + translate("(granted by {names})", language).format(names=names)


def unchecked_lines(review: Review, language: str) -> list[str]:
    """What nobody could look at, in so many words."""
    return [named(UNCHECKED, code, language) for code in _unchecked(review)]


def _unchecked(review: Review) -> list[str]:
    """Codes of what nobody could look at. Records have sharing where a user stands behind the credential."""
    if review.held is None:
        return ["held"]
    sharing = ["sharing"] if review.kind == "salesforce" else []
    return [*review.held.unchecked, *sharing]


def scopes_json(reviews: Iterable[Review]) -> list[dict[str, Any]]:
    """The same for programs, every right by itself."""
    return [
        {
            "system": each.system,
            "kind": each.kind,
            "needs": [
                {
                    "place": need.right.place,
                    "verb": need.right.verb,
                    "why": need.why,
                    "fields": list(need.fields),
                    "needed": need.needed,
                    "state": each.state(need),
                }
                for need in each.needs
            ],
            "missing": [_plain(need.right) for need in each.missing],
            "excess": [
                {
                    **_plain(right),
                    "granted_by": list(each.held.sources.get(right, ())) if each.held else [],
                }
                for right in each.excess
            ],
            "unchecked": _unchecked(each),
        }
        for each in reviews
        if each.needs
    ]


def _plain(right: Right) -> dict[str, str]:
    return {"place": right.place, "verb": right.verb}
