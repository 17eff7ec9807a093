"""What a stock check says of itself in both languages where its file says nothing: made of its kind and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from crmsync.core.auditing import Text
from crmsync.core.mapping import Entity
from crmsync.core.stock import STAMPS, Check

_Both = tuple[str, str]
_STAMPED: Mapping[str, _Both] = dict(
    zip(
        STAMPS,
        [("date of creation", "fecha de creación"), ("last change", "último cambio")],
        strict=True,
    )
)
_ENTITIES: Mapping[str, _Both] = {
    "contact": ("Contacts", "Contactos"),
    "company": ("Companies", "Empresas"),
    "deal": ("Deals", "Oportunidades"),
}
_BRANDS = {"salesforce": "Salesforce", "hubspot": "HubSpot"}
_SUMMARIES: Mapping[str, _Both] = {
    "required": ("{who} without {field}", "{who} sin {field}"),
    "one_of": ("{who} with none of these: {field}", "{who} sin ninguno de estos datos: {field}"),
    "unique": ("{who} that share the same value: {field}", "{who} que comparten el mismo valor: {field}"),
    "pattern": ("{who} whose {field} does not have the agreed form", "{who} con un valor fuera del formato acordado: {field}"),
    "not_pattern": ("{who} whose {field} has a form that is not wanted", "{who} con un formato que no se admite: {field}"),
    "allowed": ("{who} whose {field} is none of the agreed values", "{who} con un valor que no está entre los acordados: {field}"),
    "forbidden": ("{who} whose {field} is a value that is not wanted", "{who} con un valor que no se admite: {field}"),
    "range": ("{who} whose {field} is out of range", "{who} con un valor fuera de rango: {field}"),
    "length": ("{who} whose {field} is too long or too short", "{who} con un texto demasiado largo o corto: {field}"),
    "fresh": ("{who} whose {field} is too long ago", "{who} con una fecha demasiado antigua: {field}"),
    "in_order": ("{who} with values out of order: {field}", "{who} con valores en desorden: {field}"),
    "reference": ("{who} whose {field} leads to no record", "{who} con una referencia que no lleva a ningún registro: {field}"),
    "linked": ("{who} that are not in {system}", "{who} que no están en {system}"),
    "consistent": ("{who} with different values in each system: {field}", "{who} con valores distintos en cada sistema: {field}"),
}  # fmt: skip
_WHYS: Mapping[str, _Both] = {
    "completeness": (
        "Segments, assignments and reports pass over what is not there.",
        "Los segmentos, las asignaciones y los informes pasan por alto lo que falta.",
    ),
    "duplicates": (
        "What should be one thing is counted, written to and worked on twice.",
        "Lo que debería ser uno se cuenta, se contacta y se trabaja dos veces.",
    ),
    "freshness": (
        "Nobody can rely on what was last looked at so long ago.",
        "Nadie puede fiarse de lo que se revisó hace tanto tiempo.",
    ),
    "orphans": (
        "What hangs on it is in no report of the other record.",
        "Lo que cuelga de ahí no aparece en los informes del otro registro.",
    ),
    "consistency": (
        "Whoever looks in one system decides on something else than whoever looks in the other.",
        "Quien mira un sistema decide con otros datos que quien mira el otro.",
    ),
    "validity": (
        "It breaks the rule that this workspace agreed on for the field.",
        "Incumple la regla que este espacio de trabajo acordó para el campo.",
    ),
}
_REMEDIES: Mapping[str, _Both] = {
    "completeness": (
        "Fill it in, or make it required in the CRM.",
        "Complételo o hágalo obligatorio en el CRM.",
    ),
    "duplicates": (
        "Merge the records, or correct the value of one of them.",
        "Fusione los registros o corrija el valor de uno de ellos.",
    ),
    "freshness": ("Review the record, or archive it.", "Revise el registro o archívelo."),
    "orphans": (
        "Tie the record to one that exists, or clear the field.",
        "Vincúlelo a un registro que exista o vacíe el campo.",
    ),
    "consistency": (
        "Correct the system that is wrong; `crmsync plan` says what a sync would write.",
        "Corrija el sistema que esté mal; `crmsync plan` dice qué escribiría una sincronización.",
    ),
    "validity": (
        "Correct the value in its system, and validate it there.",
        "Corrija el valor en su sistema y valídelo allí.",
    ),
}


def texts_of(check: Check, entity: Entity, category: str) -> dict[str, Text]:
    """summary, why and remedy in both languages: what the file says, else what is made."""
    made = {
        "summary": _summary(check, entity),
        "why": _pair(_WHYS[category]),
        "remedy": _pair(_REMEDIES[category]),
    }
    return {name: getattr(check, name) or text for name, text in made.items()}


def _pair(both: _Both) -> Text:
    return {"en": both[0], "es": both[1]}


def _summary(check: Check, entity: Entity) -> Text:
    english, spanish = _SUMMARIES[check.check]
    name = entity.entity.replace("_", " ").capitalize()
    who = _ENTITIES.get(entity.entity, (name, name))
    fields = [[_title(entity, each, "en"), _title(entity, each, "es")] for each in check.asked]
    listed = [", ".join(each[place] for each in fields) for place in (0, 1)]
    system = _BRANDS.get(check.system, check.system)
    return {
        "en": english.format(who=who[0], field=listed[0], system=system),
        "es": spanish.format(who=who[1], field=listed[1], system=system),
    }


def _title(entity: Entity, name: str, language: Literal["en", "es"]) -> str:
    """What the mapping calls a field in the language, else its name."""
    if name in _STAMPED:
        return _STAMPED[name][0 if language == "en" else 1]
    found = entity.field_named(name)
    title = found.doc.get(language) if found else None
    return title.lower() if title else name.replace("_", " ")
