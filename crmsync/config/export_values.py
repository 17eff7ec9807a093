"""Labels of picklist values, as exports show them, for the mapping of an export: a person sees and changes them there.

Values by native field: `internal value=Label|Other label`. HubSpot exports the label, in the language of who exports.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
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
    # Of a flag: no label of it is taken for yes or no unless it stands here
    "hs_marketable_status": "true=Marketing contact|Contacto de marketing; "
    "false=Non-marketing contact|Contacto no de marketing|Contacto que no es de marketing",
    # The general words that people write, and Spanish portals show; finer Spanish labels nobody has seen.
    "industry": "FARMING=Agricultura; APPAREL_FASHION=Moda|Confección y moda; BANKING=Banca; "
    "BIOTECHNOLOGY=Biotecnología; PHARMACEUTICALS=Productos farmacéuticos|Farmacéutica; "
    "CHEMICALS=Química|Productos químicos; MARKETING_AND_ADVERTISING=Marketing y publicidad; "
    "CONSTRUCTION=Construcción; REAL_ESTATE=Bienes raíces|Inmobiliaria|Sector inmobiliario; "
    "MANAGEMENT_CONSULTING=Consultoría|Consultoría de gestión; ACCOUNTING=Contabilidad; "
    "LEGAL_SERVICES=Servicios jurídicos|Servicios legales; HUMAN_RESOURCES=Recursos humanos; "
    "EDUCATION_MANAGEMENT=Educación|Gestión educativa; HIGHER_EDUCATION=Educación superior; "
    "OIL_ENERGY=Energía|Petróleo y energía; ENTERTAINMENT=Entretenimiento; "
    "ENVIRONMENTAL_SERVICES=Medio ambiente|Servicios medioambientales; "
    "FINANCIAL_SERVICES=Finanzas|Servicios financieros; FOOD_BEVERAGES=Alimentación y bebidas|Alimentos y bebidas; "
    "GOVERNMENT_ADMINISTRATION=Gobierno|Administración pública; HOSPITAL_HEALTH_CARE=Sanidad|Salud; "
    "HOSPITALITY=Hostelería; RESTAURANTS=Restaurantes|Restauración; INSURANCE=Seguros; MACHINERY=Maquinaria; "
    "AUTOMOTIVE=Automoción|Automotriz; PUBLISHING=Editorial; SPORTS=Deportes; RETAIL=Comercio minorista|"
    "Venta minorista; WHOLESALE=Comercio mayorista|Venta mayorista; COMPUTER_SOFTWARE=Software; "
    "INFORMATION_TECHNOLOGY_AND_SERVICES=Tecnología|Tecnologías de la información|"
    "Tecnología y servicios de la información; TELECOMMUNICATIONS=Telecomunicaciones; "
    "TRANSPORTATION_TRUCKING_RAILROAD=Transporte; LOGISTICS_AND_SUPPLY_CHAIN=Logística; "
    "UTILITIES=Servicios públicos",
    "type": "PROSPECT=Prospect|Prospecto; PARTNER=Partner|Socio; RESELLER=Reseller|Revendedor; "
    "VENDOR=Vendor|Proveedor; OTHER=Other|Otro",
}
# Industries are called like their values (`REAL_ESTATE` is Real Estate) but for these.
_INDUSTRIES = (
    "Airlines/Aviation|Apparel & Fashion|Architecture & Planning|Aviation & Aerospace|Civic & Social Organization|"
    "Computer & Network Security|Defense & Space|E-Learning|Electrical/Electronic Manufacturing|Food & Beverages|"
    "Fund-Raising|Gambling & Casinos|Glass, Ceramics & Concrete|Health, Wellness and Fitness|Hospital & Health Care|"
    "Individual & Family Services|Leisure, Travel & Tourism|Luxury Goods & Jewelry|Mining & Metals|"
    "Non-Profit Organization Management|Oil & Energy|Outsourcing/Offshoring|Package/Freight Delivery|"
    "Paper & Forest Products|Primary/Secondary Education|Professional Training & Coaching|"
    "Renewables & Environment|Transportation/Trucking/Railroad|Venture Capital & Private Equity"
)
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
    # Salutations without their dot, as imports bring them, and Spanish ones.
    "Salutation": "Mr.=Mr|Sr.|Sr|D.|Don; Ms.=Ms|Sra.|Sra|Srta.|Srta; Mrs.=Mrs; Dr.=Dr|Dra.|Dra; Prof.=Prof; Mx.=Mx",
    # Accounts and opportunities both have a Type; an org that is no trial has these: Salesforce Help, Account
    # Fields and Opportunity Fields (read 2026-11).
    "Type": "Prospect=Cliente potencial; Customer - Direct=Customer|Cliente; "
    "Installation Partner=Partner|Integrator|Socio; Channel Partner / Reseller=Reseller|Revendedor; "
    "Other=Analyst|Competitor|Investor|Press|Otro; New Customer=New Business|Cliente nuevo|Nuevo negocio; "
    "Existing Customer - Upgrade=Existing Business|Negocio existente",
    # The words of a fresh org in Spanish, in Spain and in Latin America; not checked against one.
    "Industry": "Agriculture=Agricultura; Apparel=Confección|Ropa; Banking=Banca; Biotechnology=Biotecnología; "
    "Chemicals=Química|Productos químicos; Communications=Comunicaciones; Construction=Construcción; "
    "Consulting=Consultoría; Education=Educación; Electronics=Electrónica; Energy=Energía; "
    "Engineering=Ingeniería; Entertainment=Entretenimiento; Environmental=Medio ambiente|Medioambiental; "
    "Finance=Finanzas; Food & Beverage=Alimentación y bebidas|Alimentos y bebidas; Government=Gobierno|"
    "Administración pública; Healthcare=Sanidad|Salud|Atención sanitaria; Hospitality=Hostelería|Hotelería; "
    "Insurance=Seguros; Machinery=Maquinaria; Manufacturing=Fabricación|Manufactura|Industria; "
    "Media=Medios de comunicación|Medios; Not For Profit=Sin ánimo de lucro|Sin fines de lucro; "
    "Recreation=Ocio|Recreación; Retail=Comercio minorista|Venta minorista; Shipping=Envíos|Transporte marítimo; "
    "Technology=Tecnología; Telecommunications=Telecomunicaciones; Transportation=Transporte; "
    "Utilities=Servicios públicos|Suministros; Other=Otro|Otros",
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


def _industries(values: Iterable[str]) -> dict[str, str]:
    """Values by label, of those that are several words; a label is read in any case, so one word is its own."""
    own = {
        "_".join(re.findall(r"[A-Z]+", label.upper())): label for label in _INDUSTRIES.split("|")
    }
    named = {value: own.get(value, value.replace("_", " ").capitalize()) for value in values}
    return {label: value for value, label in named.items() if "_" in value}


_OF_OPTIONS = ("choice", "choices", "flag")


def with_labels(mapping: MappingText, systems: Iterable[str]) -> MappingText:
    """The mapping with the labels of known values under `values`, for systems that are exports."""
    exports = tuple(systems)
    fields = tuple(
        part.with_value(_labelled(part.value, exports))
        if part.value and part.value.get("type") in _OF_OPTIONS
        else part
        for part in mapping.fields
    )
    return replace(mapping, fields=fields)


# The flags that tell how a deal ended, the field that tells it where an export does not have them, and which of
# its words of ours mean yes.
_ENDED: Mapping[str, frozenset[str]] = {
    "is_won": frozenset(("won",)),
    "is_closed": frozenset(("won", "lost")),
}
_STAGE = "stage"


def with_endings(
    mapping: MappingText, systems: Iterable[str], natives: Mapping[str, Collection[str]]
) -> MappingText:
    """The mapping with won and closed out of the mapped stage, for exports and tables with a stage and no such column.

    `natives` are the fields that each system has a column for. Whoever renames a stage sees both in one file.
    """
    said = [part.value for part in mapping.fields if part.value]
    stage = next((each for each in said if each.get("field") == _STAGE), None)
    if stage is None:
        return mapping
    fields = tuple(
        part.with_value(_ended(part.value, stage, systems, natives))
        if part.value and part.value.get("field") in _ENDED
        else part
        for part in mapping.fields
    )
    return replace(mapping, fields=fields)


def _ended(
    field: dict[str, Any],
    stage: Mapping[str, Any],
    systems: Iterable[str],
    natives: Mapping[str, Collection[str]],
) -> dict[str, Any]:
    names, values = dict(field.get("names", {})), dict(field.get("values", {}))
    yes = _ENDED[field["field"]]
    for system in systems:
        own, other = names.get(system), stage.get("names", {}).get(system)
        there = natives.get(system, ())
        known = stage.get("values", {}).get(system, {})
        if isinstance(own, str) and own not in there and other in there and known:
            names[system] = other
            values[system] = {word: ours in yes for word, ours in known.items()}
    return {**field, "names": names, "values": values} if values else field


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
        names = _natives(field.get("names", {}).get(system))
        labels = [labels_of(name) for name in names]
        if "industry" in names:
            labels.append(_industries(known))
        if field.get("type") == "flag":
            # What is no label stands for itself: true and false are read without an entry
            said = {label: value == "true" for each in labels for label, value in each.items()}
            values |= {system: {**said, **known}} if said else {}
            continue
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
