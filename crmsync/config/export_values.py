"""Labels of picklist values, as exports show them, for the mapping of an export: a person sees and changes them there.

Values by native field: `internal value=Label|Other label`. HubSpot exports the label, in the language of who exports.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from typing import Any

from crmsync.config.mapping_text import MappingText
from crmsync.core.flagwords import flag_values

# English: HubSpot's default labels, as its property settings show them. Spanish labels of the lifecycle and of
# the default pipeline ("Pipeline de ventas") are those that public code over Spanish portals has (find_string,
# 2026-11) and knowledge.hubspot.com/es, Usar las etapas del ciclo de vida (read 2026-11). Lead status and
# sources in Spanish were not checked against a live portal: a label that is missing shows as a finding.
_HUBSPOT: Mapping[str, str] = {
    "lifecyclestage": "subscriber=Subscriber|Suscriptor; lead=Lead; "
    "marketingqualifiedlead=Marketing Qualified Lead|MQL|Lead calificado para marketing|"
    "Lead calificado por marketing|Lead cualificado para marketing; "
    "salesqualifiedlead=Sales Qualified Lead|SQL|Lead calificado para ventas|Lead calificado por ventas|"
    "Lead cualificado para ventas; "
    "opportunity=Opportunity|Oportunidad; customer=Customer|Cliente; evangelist=Evangelist|Evangelista; "
    "other=Other|Otro|Otros",
    "hs_lead_status": "NEW=New|Nuevo; OPEN=Open|Abierto; IN_PROGRESS=In Progress|En curso|En progreso; "
    "OPEN_DEAL=Open Deal|Negocio abierto; UNQUALIFIED=Unqualified|No calificado|No cualificado; "
    "ATTEMPTED_TO_CONTACT=Attempted to Contact|Se intentó contactar|Intento de contacto; "
    "CONNECTED=Connected|Conectado; BAD_TIMING=Bad Timing|Mal momento|Momento inadecuado",
    "hs_analytics_source": "ORGANIC_SEARCH=Organic Search|Búsqueda orgánica; "
    "PAID_SEARCH=Paid Search|Búsqueda de pago|Búsqueda pagada; "
    "EMAIL_MARKETING=Email Marketing|Marketing por correo|Marketing por correo electrónico; "
    "SOCIAL_MEDIA=Organic Social|Social Media|Redes sociales orgánicas|Redes sociales; "
    "PAID_SOCIAL=Paid Social|Redes sociales de pago|Redes sociales pagadas; "
    "REFERRALS=Referrals|Referencias; OTHER_CAMPAIGNS=Other Campaigns|Otras campañas; "
    "DIRECT_TRAFFIC=Direct Traffic|Tráfico directo; "
    "OFFLINE=Offline Sources|Fuentes offline|Fuentes fuera de línea|Fuentes sin conexión; "
    "AI_REFERRALS=AI Referrals|Referencias de IA",
    "dealtype": "newbusiness=New Business|Negocio nuevo|Nuevo negocio; "
    "existingbusiness=Existing Business|Negocio existente",
    "type": "PROSPECT=Prospect|Prospecto; PARTNER=Partner|Socio; RESELLER=Reseller|Revendedor; "
    "VENDOR=Vendor|Proveedor; OTHER=Other|Otro",
}
_STAGES: Mapping[str, tuple[str, str]] = {
    "appointmentscheduled": ("Appointment Scheduled", "Cita programada"),
    "qualifiedtobuy": ("Qualified To Buy", "Calificado para comprar"),
    "presentationscheduled": ("Presentation Scheduled", "Presentación programada"),
    "decisionmakerboughtin": ("Decision Maker Bought-In", "Propuesta aceptada"),
    "contractsent": ("Contract Sent", "Contrato enviado"),
    "closedwon": ("Closed Won", "Cierre ganado"),
    "closedlost": ("Closed Lost", "Cierre perdido"),
}
_PIPELINES = ("Sales Pipeline", "Pipeline de ventas")
# Picklist values of a fresh org in Spanish: "Cerrada ganada" is in public code; the others were not checked.
_SALESFORCE: Mapping[str, str] = {
    "StageName": "Prospecting=Prospección; Qualification=Calificación|Cualificación; "
    "Needs Analysis=Análisis de necesidades; Value Proposition=Propuesta de valor; "
    "Id. Decision Makers=Identificación de responsables; Perception Analysis=Análisis de percepción; "
    "Proposal/Price Quote=Propuesta/Presupuesto|Propuesta/Cotización; "
    "Negotiation/Review=Negociación/Revisión; "
    "Closed Won=Cerrada ganada|Cerrada/Ganada; Closed Lost=Cerrada perdida|Cerrada/Perdida",
    "Status": "Open - Not Contacted=Abierto - No contactado; Working - Contacted=En curso - Contactado; "
    "Closed - Converted=Cerrado - Convertido; Closed - Not Converted=Cerrado - No convertido",
}


@cache
def labels_of(native: str) -> Mapping[str, str]:
    """Internal values by label, of one native field; empty if none are known."""
    if native == "dealstage":
        return dict(_stages())
    text = _HUBSPOT.get(native) or _SALESFORCE.get(native) or ""
    found = {}
    for line in filter(None, text.split("; ")):
        value, _, labels = line.partition("=")
        found.update(dict.fromkeys(labels.split("|"), value))
    return found


def _stages() -> Iterator[tuple[str, str]]:
    """Stages of the default pipeline: exports put its name behind them where there are several."""
    for value, labels in _STAGES.items():
        for label, pipeline in zip(labels, _PIPELINES, strict=True):
            yield label, value
            yield f"{label} ({pipeline})", value


def with_labels(mapping: MappingText, systems: Iterable[str]) -> MappingText:
    """The mapping with the labels of known values under `values`, for systems that are exports."""
    exports = tuple(systems)
    fields = tuple(
        part.with_value(_labelled(part.value, exports)) if part.value else part
        for part in mapping.fields
    )
    return replace(mapping, fields=fields)


Words = Mapping[str, Mapping[str, Iterable[str]]]
"""What the cells of a field say, by system and native name."""


def with_flags(mapping: MappingText, words: Words) -> MappingText:
    """The mapping with what its exports write for yes and no under the `values` of its flags."""
    fields = tuple(
        part.with_value(_flagged(part.value, words)) if part.value else part
        for part in mapping.fields
    )
    return replace(mapping, fields=fields)


def _flagged(field: dict[str, Any], words: Words) -> dict[str, Any]:
    if field.get("type") != "flag":
        return field
    values = dict(field.get("values", {}))
    for system, seen in words.items():
        natives = _natives(field.get("names", {}).get(system))
        said = {word for name in natives for word in seen.get(name, ())}
        if found := flag_values(said):
            values[system] = {**found, **values.get(system, {})}
    return {**field, "values": values} if values else field


def _labelled(field: dict[str, Any], systems: Iterable[str]) -> dict[str, Any]:
    values = dict(field.get("values", {}))
    for system in systems:
        known = dict(values.get(system, {}))
        labels = [labels_of(name) for name in _natives(field.get("names", {}).get(system))]
        for label, value in (pair for each in labels for pair in each.items()):
            if not field.get("values"):
                known.setdefault(value, value)
            if value in known:
                known.setdefault(label, known[value])
        if known:
            values[system] = known
    return {**field, "values": values} if values and values != field.get("values") else field


def _natives(said: Any) -> list[str]:
    """The native names a field has in one system, each once."""
    if isinstance(said, dict):
        return list(dict.fromkeys(each for each in said.values() if isinstance(each, str)))
    return [said] if isinstance(said, str) else []
