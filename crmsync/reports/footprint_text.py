"""What crmsync needs inside a CRM in words: how it stands, what a plan would do, and how that ended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from crmsync.core.footprint import (
    INSTALLABLE,
    FootprintItem,
    FootprintPlan,
    FootprintStep,
    Obstacle,
)
from crmsync.core.sentinel import ACTION as SENTINEL
from crmsync.language import N_, translate, translate_said
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import quantity
from crmsync.reports.terminal import columns
from crmsync.reports.words import joined

STATES: Mapping[str, str] = {
    "missing": N_("missing"),
    "hidden": N_("there, but hidden from this user"),
    "unseen": N_("missing or hidden: this user may not look"),
    "present": N_("present"),
    "foreign": N_("another field has this name"),
    "none": N_("nothing needed"),
}
FOREIGN_SENTINEL = N_("another record has this key")
KINDS: Mapping[str, str] = {
    "custom_field": N_("custom field {name}: text, unique, External ID"),
    "property": N_("property {name}: single-line text, unique values"),
    "sentinel": N_("sentinel {name}: one record that counts the runs that wrote"),
    "column": N_("column {name}: text, unique"),
    "file": N_("nothing: files are only read"),
    "other": N_("unique field {name}"),
}
COSTS: Mapping[str, str] = {
    "custom_field": N_(
        "One custom field and one External ID of the object's allowance, and one permission set for all objects, "
        "crmsync_key, which lets the integration user fill the field. No layout shows it."
    ),
    "property": N_(
        "One of the ten unique properties that HubSpot allows an object. That it is unique cannot be changed "
        "afterwards."
    ),
    "sentinel": N_(
        "One company record, “crmsync (do not delete)”, without contacts, domain or personal data; one more write in "
        "each run that writes. Nobody who deletes or edits it loses anything but the check."
    ),
    "column": N_("One column and one index. crmsync alters no table: a person runs the statement."),
    "file": N_("Nothing."),
    "other": N_("Its connector does not say; a person puts it in."),
}
REMOVED: Mapping[str, str] = {
    "custom_field": N_(
        "Salesforce keeps a deleted field and its values for 15 days (Setup > Object Manager > Deleted Fields)."
    ),
    "property": N_(
        "HubSpot keeps an archived property for 90 days (Settings > Properties > Archived)."
    ),
}
WHYS: Mapping[bool, str] = {
    False: N_(
        "Records may be created there. The field carries the key of the customer, and because the system keeps it "
        "unique, no record is created twice, not even if an answer is lost or crmsync is stopped half way."
    ),
    True: N_(
        "`sentinel: true` asks for it. If the state or a CRM is put back, copied or lost, its count no longer fits, "
        "and nothing is written."
    ),
}
"""Why something is there: a key field, or a sentinel."""
REASONS: Mapping[str, str] = {
    "not_unique": N_("it is there, but its values need not be unique"),
    "wrong_type": N_("it is there, but it is no text: {detail}"),
    "no_external_id": N_("it is there, but it is no External ID"),
    "too_short": N_("it is there, but holds only {detail} characters"),
    "read_only": N_("it is there, but this user can only read it"),
    "not_granted": N_("no permission shows it to this user"),
    "cannot_look": N_("this user may not see custom fields that are hidden from it"),
    "unique_limit": N_("all unique properties of this object are taken: {detail}"),
    "no_count": N_("the text of this record holds no count of crmsync"),
    "no_key": N_("its key field is not to be had there"),
    "not_named": N_("the column is there; name it in crmsync.yml"),
    "by_hand": N_("a person has to do this"),
}
REMEDIES: Mapping[tuple[str, str], str] = {
    (SENTINEL, "no_count"): N_(
        "If it was edited, the message of crmsync plan says what to put back; if it is no record of ours, delete it."
    ),
    (SENTINEL, "no_key"): N_(
        "Settle the key field of this object first, or remove `sentinel: true`."
    ),
    ("property", "not_unique"): N_(
        "HubSpot cannot make it unique afterwards: save its values, then delete it for good, or set `create: never`."
    ),
    ("property", "unique_limit"): N_("Archive one that nobody needs, or set `create: never`."),
    ("custom_field", "not_unique"): N_(
        "Make it unique in Setup > Object Manager, or set `create: never`."
    ),
    ("custom_field", "no_external_id"): N_(
        "Make it an External ID in Setup > Object Manager, or set `create: never`."
    ),
}
_OTHERWISE = N_("Rename or delete that field, or set `create: never`.")


def footprint_text(items: Sequence[FootprintItem], language: str) -> str:
    """How every key field stands, why it is there and what it costs."""
    if not items:
        return translate("Nothing is needed: this mapping creates no records.", language)
    head = [
        translate(word, language) for word in (N_("system"), N_("object"), N_("what"), N_("state"))
    ]
    rows = [head, *(_row(item, language) for item in items)]
    kinds = dict.fromkeys(item.kind == SENTINEL for item in items)
    why = translate("Why:", language)
    lines = [*columns(rows), "", *(f"{why} {translate(WHYS[each], language)}" for each in kinds)]
    for kind in dict.fromkeys(item.kind for item in items):
        systems = joined(list(dict.fromkeys(i.system for i in items if i.kind == kind)), language)
        title = translate("What it costs in {system}:", language).format(system=systems)
        lines.append(f"{title} {translate(COSTS[kind], language)}")
    lines += _spares(items, language)
    return "\n".join([*lines, *_remarks(items, language), *_next(items, language)])


def _row(item: FootprintItem, language: str) -> list[str]:
    what = translate(KINDS[item.kind], language).format(name=item.name)
    state = _state(item.kind, item.state, language)
    if item.kind == SENTINEL and item.detail:
        state = f"{state}: {clean(item.detail, 80)}"
    if _is_spare(item):
        state = translate("{state}, not needed now", language).format(state=state)
    return [item.system, item.object, what, state]


def _is_spare(item: FootprintItem) -> bool:
    """True for what is there although nothing needs it."""
    return not item.entities and item.state not in ("missing", "none")


def _spares(items: Iterable[FootprintItem], language: str) -> list[str]:
    """Why something is there that is not needed, and what can be done about it."""
    if not any(map(_is_spare, items)):
        return []
    said = N_(
        "Not needed now: the mapping creates no records there, so nothing is written into it. It does no harm and may "
        "stay, in case creating is allowed again. crmsync footprint remove takes it away, but with it all that is "
        "needed; a single one is deleted in the settings of the CRM."
    )
    return [translate(said, language)]


def _state(kind: str, state: str, language: str) -> str:
    is_other = kind == SENTINEL and state == "foreign"
    return translate(FOREIGN_SENTINEL if is_other else STATES[state], language)


def _remarks(items: Iterable[FootprintItem], language: str) -> Iterator[str]:
    for item in items:
        if item.reason:
            said = _reason(item, language)
            yield f"! {item.system} {item.object}: {said}"
        if item.by_hand and item.state != "present":
            yield f"  → {item.by_hand}"


def _next(items: Iterable[FootprintItem], language: str) -> list[str]:
    open_ = [item for item in items if item.entities and item.state not in ("present", "none")]
    if not any(item.kind in INSTALLABLE for item in open_):
        return []
    return ["", translate("Put it in: crmsync footprint install -o FILE", language)]


def _reason(item: FootprintItem | Obstacle, language: str) -> str:
    return translate(REASONS[item.reason], language).format(detail=clean(item.detail, 300))


def footprint_plan_text(plan: FootprintPlan, language: str) -> str:
    """What a plan would do and why, what it would not, and what is at risk."""
    lines = columns([_step_row(plan.verb, step, language) for step in plan.steps])
    if plan.verb == "remove":
        lines += list(_risks([each for each in plan.steps if each.kind != SENTINEL], language))
        lines += _unguarded(plan.steps, language)
    lines += [line for each in plan.obstacles for line in _obstacle_lines(plan, each, language)]
    if not lines:
        lines.append(translate(_NOTHING[plan.verb], language))
    return "\n".join(lines)


_NOTHING: Mapping[str, str] = {
    "install": N_("Nothing to do: everything that is needed is there."),
    "remove": N_("Nothing to do: there is nothing of crmsync in these systems."),
}
_ACTIONS: Mapping[str, str] = {
    "install": N_("put in"),
    "remove": N_("take away"),
}


def _step_row(verb: str, step: FootprintStep, language: str) -> list[str]:
    what = translate(KINDS[step.kind], language).format(name=step.name)
    before = _state(step.kind, step.before, language)
    now = translate("now: {state}", language).format(state=before)
    return [translate(_ACTIONS[verb], language), step.system, step.object, what, now]


def _risks(steps: Sequence[FootprintStep], language: str) -> Iterator[str]:
    """Every removal's price: keys that go, records that stay, and how long it can be taken back."""
    losing = [step for step in steps if step.losses]
    for step in losing:
        said = quantity(
            "{system} {object}: {n} record that crmsync created loses its key; the record stays.",
            "{system} {object}: {n} records that crmsync created lose their key; the records stay.",
            step.losses,
            language,
        )
        yield said.format(system=step.system, object=step.object)
    if steps and not losing:
        yield translate("No record that crmsync created loses its key.", language)
    if steps:
        yield translate(
            "Without the field nothing may be created there, and if the state of crmsync is ever lost, the records it "
            "created are recognised only by the other rules of the mapping.",
            language,
        )
    for kind in dict.fromkeys(step.kind for step in steps):
        if kind in REMOVED:
            yield translate(REMOVED[kind], language)


def _unguarded(steps: Sequence[FootprintStep], language: str) -> list[str]:
    """What goes with a sentinel."""
    if not any(step.kind == SENTINEL for step in steps):
        return []
    said = N_(
        "Without its sentinel a system no longer tells a state that was put back from the latest one. Remove "
        "`sentinel: true` from crmsync.yml, too."
    )
    return [translate(said, language)]


def _obstacle_lines(plan: FootprintPlan, each: Obstacle, language: str) -> Iterator[str]:
    left = translate("left alone", language)
    yield f"{left}  {each.system} {each.object}  {each.name}: {_reason(each, language)}"
    if each.by_hand:
        yield f"  → {each.by_hand}"
    elif plan.verb == "install":
        remedy = REMEDIES.get((each.kind, each.reason), _OTHERWISE)
        yield f"  → {translate(remedy, language)}"


OUTCOMES: Mapping[str, str] = {
    "done": N_("done"),
    "already": N_("was so already"),
    "refused": N_("refused"),
}
Ending = tuple[FootprintStep, str, str, str]


def footprint_ended_text(run: str, ends: Iterable[Ending], language: str) -> str:
    """How each step ended: (step, outcome, message, remedy), in order; one sentence where there was none."""
    ends = list(ends)
    if not ends:
        return translate("The plan has no steps, so nothing was changed.", language)
    lines = [translate("Run {run}:", language).format(run=run)]
    for step, outcome, message, remedy in ends:
        said = translate(OUTCOMES[outcome], language)
        lines.append(f"{step.system} {step.object} {step.name}: {said}")
        lines += [
            f"  {mark} {translate_said(text, language)}"
            for mark, text in (("!", message), ("→", remedy))
            if text
        ]
    return "\n".join(lines)
