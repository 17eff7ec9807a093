"""Column headers of untouched exports, and the native names they stand for.

Salesforce: column names of the standard report types, English and Spanish. HubSpot: property labels of
its exports, English and Spanish. Labels depend on the language and on what administrators renamed;
what is not in these tables is a column under its own header, and `columns:` overrides them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal

from crmsync.connectors.declared import TieSetting

# Standard field labels as a Salesforce org shows them by default. Not checked against a live org or its help:
# a label that is wrong here leaves a column under its own header, and pull tells which field has none.
_DATES = (
    "CreatedDate=Created Date|Fecha de creación; "
    "LastModifiedDate=Last Modified Date|Fecha de última modificación|Última fecha de modificación"
)
_PERSON = (
    "FirstName=First Name|Nombre|Nombre de pila; "
    "LastName=Last Name|Apellidos|Apellido; Email=Email|Correo electrónico; "
    "Phone=Phone|Business Phone|Teléfono; MobilePhone=Mobile|Mobile Phone|Móvil|Teléfono móvil; "
    "Title=Title|Título|Cargo; HasOptedOutOfEmail=Email Opt Out|No participación en correo electrónico; "
    "LeadSource=Lead Source|Origen del candidato; Salutation=Salutation|Tratamiento; Fax=Fax; "
    "Description=Description|Descripción; DoNotCall=Do Not Call|No llamar; "
    "HasOptedOutOfFax=Fax Opt Out|No participación en fax; OwnerId=Owner ID|Id. del propietario"
)
_ACCOUNT_ID = "Account ID|Id. de cuenta|Id. de la cuenta"
_TEXTS: Mapping[str, str] = {
    "Contact": f"Id=Contact ID|Id. de contacto|Id. del contacto; {_PERSON}; {_DATES}; AccountId={_ACCOUNT_ID}; "
    "MailingCity=Mailing City|Ciudad de correspondencia; MailingCountry=Mailing Country|País de correspondencia; "
    "MailingStreet=Mailing Street|Calle de correspondencia; "
    "MailingState=Mailing State/Province|Estado o provincia de correspondencia; "
    "MailingPostalCode=Mailing Zip/Postal Code|Código postal de correspondencia; "
    "Birthdate=Birthdate|Fecha de nacimiento; Department=Department|Departamento",
    "Lead": f"Id=Lead ID|Id. de candidato|Id. del candidato; {_PERSON}; {_DATES}; "
    "City=City|Ciudad; Country=Country|País; "
    "Street=Street|Calle; State=State/Province|Estado o provincia; "
    "PostalCode=Zip/Postal Code|Código postal; Industry=Industry|Sector; Website=Website|Sitio Web; "
    "AnnualRevenue=Annual Revenue|Ingresos anuales; NumberOfEmployees=Employees|Empleados; "
    "Company=Company / Account|Company|Compañía|Empresa; Status=Lead Status|Estado de candidato; "
    "IsConverted=Converted|Convertido",
    "Account": f"Id={_ACCOUNT_ID}; Name=Account Name|Nombre de la cuenta|Nombre de cuenta; Website=Website|Sitio Web; "
    "Phone=Phone|Teléfono; BillingStreet=Billing Street|Calle de facturación; "
    "BillingCity=Billing City|Ciudad de facturación; BillingCountry=Billing Country|País de facturación; "
    "BillingState=Billing State/Province|Estado o provincia de facturación; "
    "BillingPostalCode=Billing Zip/Postal Code|Código postal de facturación; "
    "NumberOfEmployees=Employees|Empleados; AnnualRevenue=Annual Revenue|Ingresos anuales; "
    f"Industry=Industry|Sector; Type=Type|Tipo; ParentId=Parent Account ID|Id. de cuenta principal; {_DATES}; "
    "Fax=Fax; Description=Description|Descripción; AccountSource=Account Source|Origen de la cuenta; "
    "OwnerId=Owner ID|Id. del propietario",
    "Opportunity": "Id=Opportunity ID|Id. de oportunidad|Id. de la oportunidad; "
    f"Name=Opportunity Name|Nombre de la oportunidad; AccountId={_ACCOUNT_ID}; Amount=Amount|Importe; "
    "CloseDate=Close Date|Fecha de cierre; StageName=Stage|Etapa; IsWon=Won|Ganada; "
    f"IsClosed=Closed|Cerrada; Type=Type|Tipo; {_DATES}; "
    "Probability=Probability (%)|Probabilidad (%); ForecastCategoryName=Forecast Category|Categoría de previsión; "
    "NextStep=Next Step|Paso siguiente; Description=Description|Descripción; CurrencyIsoCode=Currency|Divisa; "
    "LeadSource=Lead Source|Origen del candidato; OwnerId=Owner ID|Id. del propietario",
    # Labels of HubSpot exports. Seen in public code that reads such files (2026-11): Record ID, Record ID -
    # Contact, First Name, Last Name, Email, Phone Number, Job Title, Country/Region, Lifecycle Stage,
    # Create Date, Close Date; ID de registro, Nombre de la empresa, Nombre de dominio de la empresa,
    # Ciudad, País/región. The others are default labels that were not checked against a live portal.
    "contacts": "hs_object_id=Record ID|Record ID - Contact|"
    "ID de registro|ID de registro - Contact|ID de registro - Contacto; "
    "firstname=First Name|Nombre; lastname=Last Name|Apellidos|Apellido; email=Email|Correo|Correo electrónico; "
    "phone=Phone Number|Número de teléfono; mobilephone=Mobile Phone Number|Número de teléfono móvil; "
    "jobtitle=Job Title|Cargo|Puesto; city=City|Ciudad; country=Country/Region|País/región; "
    "associatedcompanyid=Primary Associated Company ID|ID de empresa asociada principal; "
    "hs_email_optout=Unsubscribed from all email|Canceló la suscripción a todos los correos; "
    "lifecyclestage=Lifecycle Stage|Etapa del ciclo de vida; hs_lead_status=Lead Status|Estado del lead; "
    "createdate=Create Date|Fecha de creación; lastmodifieddate=Last Modified Date|Fecha de última modificación",
    "companies": "hs_object_id=Record ID|Record ID - Company|"
    "ID de registro|ID de registro - Company|ID de registro - Empresa; "
    "name=Company name|Nombre de la empresa; domain=Company Domain Name|Nombre de dominio de la empresa; "
    "website=Website URL|URL del sitio web; phone=Phone Number|Número de teléfono; "
    "address=Street Address|Dirección|Calle; city=City|Ciudad; country=Country/Region|País/región; "
    "numberofemployees=Number of Employees|Número de empleados; "
    "annualrevenue=Annual Revenue|Ingresos anuales; industry=Industry|Sector; "
    "createdate=Create Date|Fecha de creación; "
    "hs_lastmodifieddate=Last Modified Date|Fecha de última modificación",
    "deals": "hs_object_id=Record ID|Record ID - Deal|ID de registro|ID de registro - Deal|ID de registro - Negocio; "
    "dealname=Deal Name|Nombre del negocio; amount=Amount|Valor|Importe|Monto; closedate=Close Date|Fecha de cierre; "
    "dealstage=Deal Stage|Etapa del negocio; pipeline=Pipeline; hs_is_closed_won=Is Closed Won|Is won; "
    "hs_is_closed=Is Deal Closed?|Is closed; createdate=Create Date|Fecha de creación; "
    "hs_lastmodifieddate=Last Modified Date|Fecha de última modificación",
}  # fmt: skip

ID_FIELDS = ("Id", "hs_object_id")
CREATED_FIELDS = ("CreatedDate", "createdate")
MODIFIED_FIELDS = ("LastModifiedDate", "lastmodifieddate", "hs_lastmodifieddate")
SALESFORCE_OBJECTS = frozenset(("Account", "Contact", "Lead", "Opportunity"))
HUBSPOT_OBJECTS = frozenset(("companies", "contacts", "deals"))
REFERENCES = frozenset((*ID_FIELDS, "AccountId", "ParentId", "associatedcompanyid"))
NUMBERS = frozenset(
    ("Amount", "amount", "AnnualRevenue", "annualrevenue", "NumberOfEmployees", "numberofemployees")
)
DATES = frozenset((*CREATED_FIELDS, *MODIFIED_FIELDS, "CloseDate", "closedate"))

# Internal names behind the labels of HubSpot's default pipeline and lifecycle: the names are those of the
# reference mapping, the labels were not checked against a live portal.
_STAGES = (
    "appointmentscheduled=Appointment Scheduled; qualifiedtobuy=Qualified To Buy; "
    "presentationscheduled=Presentation Scheduled; decisionmakerboughtin=Decision Maker Bought-In; "
    "contractsent=Contract Sent; closedwon=Closed Won; closedlost=Closed Lost"
)
_LIFECYCLE = (
    "subscriber=Subscriber|Suscriptor; lead=Lead; marketingqualifiedlead=Marketing Qualified Lead; "
    "salesqualifiedlead=Sales Qualified Lead; opportunity=Opportunity|Oportunidad; "
    "customer=Customer|Cliente; evangelist=Evangelist; other=Other|Otro"
)
_DEFAULT_PIPELINE = re.compile(r"\s*\(sales pipeline\)$")
_TIE_LABELS: tuple[tuple[str, str, Literal["", "only", "all"]], ...] = (
    ("associated company ids (primary)", "companies", "all"),
    ("associated company ids", "companies", "only"),
    ("associated contact ids", "contacts", ""),
)


@dataclass(frozen=True, slots=True)
class KnownTie:
    """What an association column of an export holds: ids of one object, with `;` between them."""

    to_object: str
    setting: TieSetting


# Association columns of an export, as public code reads them (seen 2026-11). Of several
# companies none is said to be the primary one, unless a column of its own says so.
_TIES = {
    label: KnownTie(to, TieSetting(label, primary=primary)) for label, to, primary in _TIE_LABELS
}
_ARROWS = re.compile(r"[↑↓⇅]")


def plain(label: str) -> str:
    """A label without accents, case, sort arrows and runs of blanks: what two labels are compared by."""
    bare = unicodedata.normalize("NFKD", _ARROWS.sub("", label)).casefold()
    return " ".join("".join(c for c in bare if not unicodedata.combining(c)).split())


@cache
def native_names(object_: str) -> Mapping[str, str]:
    """Native names by plain label, and by their own plain name, of one object; empty if unknown."""
    named = _read(_TEXTS.get(object_, ""))
    return {plain(native): native for native in named.values()} | named


def native_name(object_: str, header: str) -> str | None:
    """The native name behind a header (`Email`, `Contact: Email`, `EMAIL`), None if there is none."""
    known = native_names(object_)
    label = plain(header)
    return known.get(label) or known.get(label.removeprefix(f"{object_.casefold()}: "))


@cache
def own_id_labels(object_: str) -> frozenset[str]:
    """Plain labels of the id that name their object: `contact id`, `record id - contact`; not `record id`."""
    ids = {label for label, native in native_names(object_).items() if native in ID_FIELDS}
    others = (
        label
        for other in _TEXTS
        if other != object_
        for label, native in native_names(other).items()
        if native in ID_FIELDS
    )
    return frozenset(ids - set(others))


def known_tie(object_: str, header: str) -> KnownTie | None:
    """The tie behind a header of a HubSpot export."""
    return _TIES.get(plain(header)) if object_ in HUBSPOT_OBJECTS else None


def option(native: str, label: str) -> str:
    """The internal name of a default option of HubSpot, else the label as it is."""
    known = _options().get(native)
    return known.get(_DEFAULT_PIPELINE.sub("", plain(label)), label) if known else label


def has_options(native: str) -> bool:
    """True if the labels of this field's options are known."""
    return native in _options()


@cache
def _options() -> Mapping[str, Mapping[str, str]]:
    return {"dealstage": _read(_STAGES), "lifecyclestage": _read(_LIFECYCLE)}


def _read(text: str) -> dict[str, str]:
    """`Name=Label|Other label; ...` as plain label -> name."""
    found = {}
    for line in filter(None, text.split("; ")):
        name, _, labels = line.partition("=")
        found.update({plain(label): name for label in labels.split("|")})
    return found
