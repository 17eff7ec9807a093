"""How databases call what a CRM calls otherwise: tables of people, companies and deals, and their columns.

Only what says the same everywhere is in here. What may mean two things is for a person to decide.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from crmsync.connectors.files import labels
from crmsync.core.likeness import own_words

# What a table is called that holds one entity, in the singular, without accents.
_NOUNS: Mapping[str, str] = {
    "contacts": "contact person people user member subscriber contacto persona usuario suscriptor "
    "contato pessoa utilizador",
    "leads": "lead prospect candidato prospecto",
    "companies": "company account organization organisation org business firm empresa compania cuenta organizacion "
    "companhia conta organizacao",
    "deals": "deal opportunity negocio oportunidad oportunidade",
}
# May be people or companies: its columns tell which.
_EITHER = frozenset(("customer", "client", "cliente", "party", "tercero"))
# One word in three languages. Only translations: the `user_id` of a table of contacts is who looks after one.
_TRANSLATIONS = tuple(
    frozenset(line.split())
    for line in (
        "user usuario utilizador", "contact contacto contato", "person persona pessoa people",
        "company empresa compania companhia", "account cuenta conta", "deal negocio",
        "organization organisation organizacion organizacao", "opportunity oportunidad oportunidade",
        "customer client cliente",
    )
)  # fmt: skip
_OBJECTS: Mapping[str, Mapping[str, str]] = {
    "salesforce": {"Account": "companies", "Contact": "contacts", "Lead": "leads", "Opportunity": "deals"},
    "hubspot": {"companies": "companies", "contacts": "contacts", "deals": "deals"},
}  # fmt: skip
# One of these has to be there: a table of users without any is one of logins.
TELLING: Mapping[str, tuple[str, ...]] = {
    "contacts": ("email", "lastname", "Email", "LastName"),
    "leads": ("Email", "LastName"),
    "companies": ("name", "domain", "tax_id", "Name", "Website", "Tax_ID__c"),
    "deals": ("dealname", "amount", "dealstage", "Name", "Amount", "StageName"),
}
# Column names of everyday schemas, besides the native names and the labels of exports.
_COMPANY_NAMES = (
    "razon social|nombre comercial|nombre fiscal|denominacion|denominacion social|fantasia|nombre fantasia|"
    "razao social|nome fantasia|empresa|legal name|trade name"
)
# Tax ids are called by the number of the country: ES, CL, MX, CO, PE and EC, AR, UY, VE, PT, BR.
_TAX_IDS = (
    "vat|vat number|vat id|tax number|tax id|nif|cif|rfc|rut|nit|ruc|cuit|rif|nipc|cnpj|"
    "numero fiscal|identificacion fiscal|id fiscal"
)
_PLACE = (
    "zip=postal code|postcode|zip code|cp|codigo postal|cod postal|cep; "
    "state=region|province|provincia; city=poblacion|localidad|municipio|cidade; country=pais; "
    "address=street|street address|direccion|domicilio|calle|endereco"
)
_WORDS: Mapping[str, str] = {
    "contacts": "email=mail|email address|mail address|correo; firstname=given name|forename|primeiro nome; "
    "lastname=surname|family name|second name|sobrenome; "
    "phone=telephone|tel|phone number|work phone|fono|telefone; "
    "mobilephone=mobile|cell|cell phone|movil|celular|telemovel; jobtitle=job title|position|cargo|puesto; "
    f"{_PLACE}; hs_language=language|lang|idioma; "
    "hs_email_optout=email opt out|opted out|unsubscribed; company=company name|employer; website=url|sitio web; "
    "date_of_birth=birthdate|birthday|birth date; hs_linkedin_url=linkedin|linkedin url",
    "companies": f"name={_COMPANY_NAMES}; tax_id={_TAX_IDS}; domain=domain name|web domain|dominio; "
    "website=url|web|homepage|sitio web|pagina web|site; phone=telephone|tel|phone number|fono|telefone; "
    f"{_PLACE}; "
    "numberofemployees=employees|employee count|headcount|num employees|empleados|num empleados|plantilla; "
    "annualrevenue=revenue|turnover|facturacion|facturacion anual; industry=sector|rubro|giro; "
    "founded_year=year founded; linkedin_company_page=linkedin|linkedin url",
    "deals": "dealname=title|titulo; amount=value|importe|monto|valor; dealstage=stage|etapa|fase; "
    "closedate=close date|closing date|expected close date|fecha cierre; "
    "deal_currency_code=currency|currency code|divisa|moneda; dealtype=type|tipo; "
    "closed_lost_reason=lost reason|loss reason; hs_next_step=next step",
}
_SALESFORCE: Mapping[str, str] = {
    "Contact": "contacts", "Lead": "contacts", "Account": "companies", "Opportunity": "deals",
}  # fmt: skip
_NATIVES: Mapping[str, Mapping[str, str]] = {
    "Contact": {
        "email": "Email", "firstname": "FirstName", "lastname": "LastName", "phone": "Phone",
        "mobilephone": "MobilePhone", "jobtitle": "Title", "zip": "MailingPostalCode", "state": "MailingState",
        "address": "MailingStreet", "hs_email_optout": "HasOptedOutOfEmail", "date_of_birth": "Birthdate",
        "city": "MailingCity", "country": "MailingCountry",
    },
    "Lead": {
        "email": "Email", "firstname": "FirstName", "lastname": "LastName", "phone": "Phone",
        "mobilephone": "MobilePhone", "jobtitle": "Title", "zip": "PostalCode", "state": "State",
        "address": "Street", "hs_email_optout": "HasOptedOutOfEmail", "company": "Company", "website": "Website",
        "city": "City", "country": "Country",
    },
    "Account": {
        "name": "Name", "website": "Website", "city": "BillingCity", "country": "BillingCountry",
        "phone": "Phone", "zip": "BillingPostalCode", "state": "BillingState",
        "address": "BillingStreet", "numberofemployees": "NumberOfEmployees", "annualrevenue": "AnnualRevenue",
        "industry": "Industry", "tax_id": "Tax_ID__c",
    },
    "Opportunity": {
        "amount": "Amount", "closedate": "CloseDate", "dealstage": "StageName", "dealtype": "Type",
        "deal_currency_code": "CurrencyIsoCode", "hs_next_step": "NextStep",
    },
}  # fmt: skip
# Small words are left out before these are looked up: `creado_en` is `creado`, `fecha_de_alta` `fechaalta`.
CREATED = frozenset(
    ("createdat", "created", "createdon", "createddate", "createdate", "creationdate", "insertedat",
     "datecreated", "createdtime", "creado", "creada", "fechacreacion", "fechaalta", "fecharegistro",
     "criadoem", "datacriacao", "datadecriacao", "datacadastro", "datadecadastro")
)  # fmt: skip
MODIFIED = frozenset(
    ("updatedat", "updated", "updatedon", "modifiedat", "modified", "modifiedon", "lastmodified",
     "lastmodifieddate", "lastupdated", "hslastmodifieddate", "dateupdated", "updatedtime", "lastupdate",
     "modificado", "modificada", "actualizado", "actualizada", "fechamodificacion", "fechaactualizacion",
     "fechaultimamodificacion", "fechaultimaactualizacion", "ultimamodificacion", "ultimaactualizacion",
     "atualizadoem", "modificadoem", "dataatualizacao", "datadeatualizacao", "dataalteracao",
     "ultimaatualizacao")
)  # fmt: skip
# Columns of a table between two others, besides the two: which role a tie has, and which is the first.
ROLE = frozenset(("role", "rol", "label", "relationship", "function", "funcion", "cargo"))
PRIMARY = frozenset(("isprimary", "primary", "ismain", "main", "isdefault", "principal"))
# What may well mean a field, and must be looked at: a whole name is no surname.
_DOUBTFUL: Mapping[str, Mapping[str, str]] = {
    "contacts": {
        "name": "lastname", "fullname": "lastname", "nombrecompleto": "lastname", "nome": "firstname",
        "primerapellido": "lastname", "username": "email", "countrycode": "country",
    },
    "companies": {
        "countrycode": "country", "status": "lifecyclestage", "nome": "name",
    },
    "deals": {"status": "dealstage", "estado": "dealstage"},
}  # fmt: skip


def objects_of(kind: str) -> Mapping[str, str]:
    """The objects that a table could hold, with the entity of each: `{"Account": "companies"}`."""
    return _OBJECTS[kind]


def squashed(text: str) -> str:
    """A name as letters only: `Billing_City`, `billingCity` and `BillingCity` are one."""
    return "".join(own_words(text))


def singular(word: str) -> frozenset[str]:
    """The words that a plural could be of, English, Spanish and Portuguese, and the word itself."""
    found = {word}
    for tail, end in (("s", ""), ("es", ""), ("ies", "y"), ("oes", "ao")):
        if word.endswith(tail) and len(word) > len(tail) + 2:
            found.add(word.removesuffix(tail) + end)
    return frozenset(found)


def nouns(entity: str) -> frozenset[str]:
    """What one record of an entity is called."""
    return frozenset(_NOUNS[entity].split())


def is_called(table: str, entity: str) -> bool:
    """True if a table's name says the entity and nothing else, but for words such as `tbl` and `old`."""
    return bool(_said_by(table) & nouns(entity))


def may_be_either(table: str) -> bool:
    """True if a table's name says people or companies, and not which: `customers`."""
    return bool(_said_by(table) & _EITHER)


def _said_by(table: str) -> frozenset[str]:
    """The one word of a table's name, in the singular; empty if there are more."""
    said = [word for word in own_words(table) if word not in _FILLERS | _KEPT_ASIDE]
    return singular(said[0]) if len(said) == 1 else frozenset()


def translated(word: str) -> frozenset[str]:
    """The same word in the other languages, and the word itself."""
    return next((each for each in _TRANSLATIONS if word in each), frozenset((word,)))


_FILLERS = frozenset(
    ("tbl", "t", "tb", "crm", "app", "public", "dim", "data", "table", "tabla", "tabela", "v", "vw")
)

# What people call a table that they put aside, or are about to: a person says whether it counts.
_KEPT_ASIDE = frozenset(
    (
        "old", "new", "archive", "archived", "backup", "bak", "copy", "tmp", "temp", "deleted", "history", "legacy",
        "copia", "antiguo", "antigua", "antiguos", "antiguas", "viejo", "viejos",
    )
)  # fmt: skip


def is_kept_aside(table: str) -> bool:
    """True for a table such as `contacts_old`, which may hold what another one holds now."""
    return not _KEPT_ASIDE.isdisjoint(own_words(table))


@cache
def columns_of(object_: str) -> Mapping[str, str]:
    """Native names by what a column may be called, as letters only; native names go first."""
    entity = _SALESFORCE.get(object_, object_)
    own = nouns(entity)
    known = labels.native_names(object_)
    found: dict[str, str] = {}
    for native in known.values():
        found.setdefault(squashed(native), native)
    for label, native in (*known.items(), *_said(object_, entity)):
        found.setdefault(squashed(label), native)
    for label, native in known.items():
        bare = [word for word in own_words(label) if word not in own]
        if bare and (entity != "contacts" or bare != ["name"]):
            found.setdefault("".join(bare), native)
    return found


def _said(object_: str, entity: str) -> list[tuple[str, str]]:
    """Everyday names, for the natives of this object."""
    found = []
    renamed = _NATIVES.get(object_)
    for line in _WORDS[entity].split("; "):
        native, _, words = line.partition("=")
        name = native if renamed is None else renamed.get(native, "")
        found += [(word, name) for word in words.split("|") if name]
    return found


@cache
def company_names() -> frozenset[str]:
    """Column names that only a company's name has: `razonsocial`, `nombrecomercial`."""
    return frozenset(squashed(each) for each in _COMPANY_NAMES.split("|")) - nouns("companies")


def doubtful(object_: str) -> Mapping[str, str]:
    """Native names by columns that may mean them, or something else."""
    entity = _SALESFORCE.get(object_, object_)
    renamed = _NATIVES.get(object_)
    said = _DOUBTFUL.get(entity, {})
    if renamed is None:
        return said
    return {column: renamed[native] for column, native in said.items() if native in renamed}
