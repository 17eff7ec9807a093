"""A settled crowd: people and companies whom two CRMs hold alike, in whatever notation each of them has.

Invented by SQL from the number of a person alone, so that a million take seconds and nothing is kept: the
same number is the same person in both systems, every time. Six of seven people sit on a Salesforce Contact,
the seventh on a Lead; five share a company. Where deals are asked for, there are three to ten people, and five roles to
three deals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

_ROWS = 50_000
SHARE = 5
"""People of one company."""
DEALS = (3, 10)
"""So many deals to so many people."""

_POOLS: Mapping[str, tuple[str, ...]] = {
    "first_names": (
        "Ana", "Luis", "María José", "Verónica", "Hernán", "Montserrat", "José Luis", "Íñigo", "Begoña", "Charlotte",
        "Andrés", "Lucía", "Núria", "Óscar", "Pilar", "Raúl", "Sofía", "Tomás", "Ximena", "Zoe", "Emily", "Jürgen",
        "Renée", "Aitor", "Gonzalo", "Inés", "Julián", "Carmen", "Diego", "Elena", "Fátima", "George", "Hugo",
    ),
    "last_names": (
        "Peña", "Rodríguez", "Santos", "Oñate", "Campos", "Méndez", "Estévez", "Navarro", "Williams", "García", "Ruiz",
        "Gil", "Núñez", "Ibáñez", "Müller", "Smith", "Jones", "Fernández", "López", "Martín", "Ortega", "Vidal", "Puig",
        "Serra", "Castro", "Rojas", "Quispe", "Flores", "Torres", "Vega", "Ramos", "Cano", "Soler", "Prieto", "Lara",
    ),
    "titles": (
        "Directora de Marketing", "Jefe de Producción", "Consejero Delegado", "Analista de Datos", "CEO", "CFO",
        "Head of Sales", "Account Manager", "Técnico de Sistemas", "Responsable de Compras", "Product Manager",
    ),
    "streets": ("Calle Mayor", "Avenida de la Constitución", "Elm Street", "Camino Real", "Gran Vía"),
    "trades": ("Seguros", "Ingeniería", "Hoteles", "Software", "Químicas", "Logística", "Alimentos", "Talleres"),
    "proper": ("Bellavista", "Ñandú", "Newhaven", "Ébano", "El Trébol", "Montaña", "Río Claro", "Atlántida"),
    "sources": ("Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"),
    "stages": ("subscriber", "lead", "marketingqualifiedlead", "opportunity", "customer", "other"),
    "traffic": ("OFFLINE", "PAID_SEARCH", "EMAIL_MARKETING", "ORGANIC_SEARCH", "REFERRALS", "DIRECT_TRAFFIC"),
    "countries": ("Spain", "España", "Mexico", "Peru", "Colombia", "United States"),
    "cities": ("Madrid", "Zaragoza", "Guadalajara", "Trujillo", "Cali", "Austin"),
    "states": ("Madrid", "Aragón", "Jalisco", "La Libertad", "Valle del Cauca", "TX"),
    "prefixes": ("+34 9", "+34 9", "+52 55 ", "+51 9", "+57 31", "+1 512 2"),
    "industries": ("Banking", "Construction", "Energy", "Insurance", "Retail", "Utilities"),
    "sf_steps": (
        "Prospecting", "Qualification", "Value Proposition", "Negotiation/Review", "Closed Won", "Closed Lost",
    ),
    "sf_chances": ("10", "10", "50", "90", "100", "0"),
    "hs_steps": (
        "appointmentscheduled", "qualifiedtobuy", "presentationscheduled", "contractsent", "closedwon", "closedlost",
    ),
    "sectors": ("BANKING", "CONSTRUCTION", "OIL_ENERGY", "INSURANCE", "RETAIL", "UTILITIES"),
}  # fmt: skip

_MACROS = """
CREATE MACRO seed(i, salt) AS hash(i * 1009 + salt) % 1000003;
CREATE MACRO pick(pool, i, salt) AS pool[1 + seed(i, salt)::BIGINT % len(pool)];
CREATE MACRO chance(i, salt, percent) AS seed(i, salt) % 100 < percent;
CREATE MACRO digits(i, salt, n) AS right('00000000' || (hash(i * 1013 + salt) % 100000000), n);
CREATE MACRO ascii(t) AS regexp_replace(lower(strip_accents(t)), '[^a-z0-9]+', '', 'g');
CREATE MACRO sf_id(head, i) AS head || lpad(i::VARCHAR, 12, '0') || 'AAA';
CREATE MACRO hs_id(head, i) AS head || lpad(i::VARCHAR, 9, '0');
"""

_COMPANIES = """
SELECT c, pick(trades, c, 1) || ' ' || pick(proper, c, 2) || ' ' || c AS name,
  ascii(pick(trades, c, 1)) || '-' || ascii(pick(proper, c, 2)) || '-' || c || '.example' AS domain,
  1 + seed(c, 3)::BIGINT % 6 AS land, countries[land] AS country, cities[land] AS city, states[land] AS state,
  pick(streets, c, 4) || ' ' || (1 + seed(c, 5) % 300) AS street, digits(c, 6, 5) AS zip,
  prefixes[land] || CASE WHEN land < 3 THEN '1' || digits(c, 7, 7) WHEN land = 5 THEN digits(c, 7, 8)
    WHEN land = 6 THEN digits(c, 7, 6) ELSE digits(c, 7, 8) END AS phone,
  1 + seed(c, 8)::BIGINT % 6 AS trade, (5 + seed(c, 9) % 5000) AS employees,
  (100000 + 1000 * (seed(c, 10) % 90000)) AS revenue, chance(c, 11, 30) AS described
FROM (SELECT range AS c FROM range({first}, {last}))
"""

_PEOPLE = """
SELECT i, i % 7 = 3 AS is_lead, i // {share} AS c, pick(first_names, i, 1) AS first_name,
  pick(last_names, i, 2) || ' ' || pick(last_names, i, 3) AS last_name,
  CASE WHEN NOT chance(i, 4, 3) THEN ascii(first_name) || '.' || ascii(split_part(last_name, ' ', 1)) || i || '@'
    || ascii(pick(trades, c, 1)) || '-' || ascii(pick(proper, c, 2)) || '-' || c || '.example' END AS email,
  1 + seed(c, 3)::BIGINT % 6 AS land, countries[land] AS country, cities[land] AS city, states[land] AS state,
  CASE WHEN chance(i, 5, 60) THEN pick(streets, i, 6) || ' ' || (1 + seed(i, 7) % 300) END AS street,
  CASE WHEN chance(i, 5, 60) THEN digits(i, 8, 5) END AS zip,
  CASE WHEN chance(i, 9, 70) THEN CASE WHEN land < 3 THEN '9' || '1' || digits(i, 10, 7) END END AS national,
  CASE WHEN chance(i, 9, 70) THEN coalesce('+34' || national, replace(prefixes[land], ' ', '')
    || digits(i, 10, CASE WHEN land = 6 THEN 6 ELSE 8 END)) END AS phone,
  CASE WHEN chance(i, 11, 50) THEN '+346' || digits(i, 12, 8) END AS mobile,
  CASE WHEN chance(i, 13, 5) THEN '+3491' || digits(i, 14, 7) END AS fax,
  CASE WHEN chance(i, 15, 20) THEN (DATE '1950-01-01' + (seed(i, 16) % 18000)::INTEGER)::VARCHAR END AS birthdate,
  CASE WHEN chance(i, 17, 80) THEN pick(titles, i, 18) END AS title,
  CASE WHEN chance(i, 19, 15) THEN pick(['mr', 'ms', 'dr'], i, 20) END AS salutation,
  pick(sources, i, 21) AS source, 1 + seed(i, 22)::BIGINT % {owners} AS owner,
  CASE WHEN chance(i, 23, 10) THEN 'Habló de ' || pick(proper, i, 24) || ', ref. ' || i END AS message,
  chance(i, 25, 5) AS opted_out, chance(i, 26, 3) AS silent,
  DATE '2020-01-01' + (seed(i, 27) % 2300)::INTEGER AS born
FROM (SELECT range AS i FROM range({first}, {last}))
"""

_DEALS = """
SELECT d, d % {companies} AS c, pick(trades, d, 40) || ' ' || d AS name, 1 + seed(d, 41)::BIGINT % 6 AS step,
  (1000 + seed(d, 42) % 90000) AS amount, 1 + seed(d, 43)::BIGINT % {owners} AS owner,
  DATE '2024-01-01' + (seed(d, 44) % 1000)::INTEGER AS born, born + 30 + (seed(d, 45) % 90)::INTEGER AS closing,
  step = 5 AS won, step >= 5 AS closed, chance(d, 46, 3) AS alone, chance(d, 47, 10) AS unnamed
FROM (SELECT range AS d FROM range({first}, {last}))
"""

_TIMES = "born || 'T09:07:13.000Z' AS _created_at, born + 30 || 'T09:07:13.000Z' AS _modified_at"
_SAID = "CASE salutation WHEN 'mr' THEN 'Mr.' WHEN 'ms' THEN 'Ms.' WHEN 'dr' THEN 'Dr.' END"
_NEW_TITLE = "CASE WHEN {later} AND i % 200 = 7 THEN 'Promoted ' || i ELSE title END"
_NEW_MOBILE = "CASE WHEN {later} AND i % 200 = 107 THEN '+346' || digits(i, 99, 8) ELSE mobile END"
_SF_PERSON = f"""
  CASE WHEN chance(i, 30, 2) THEN upper(email) ELSE email END AS Email, {_SAID} AS Salutation,
  first_name AS FirstName, last_name AS LastName, {_NEW_TITLE} AS Title, salesforce_owners[owner] AS OwnerId,
  coalesce(CASE WHEN chance(i, 31, 50) THEN national END, phone) AS Phone, mobile AS MobilePhone, fax AS Fax,
  source AS LeadSource, message AS Description, opted_out::VARCHAR AS HasOptedOutOfEmail,
  silent::VARCHAR AS DoNotCall, 'false' AS HasOptedOutOfFax"""

_SELECTS: Mapping[tuple[str, str], str] = {
    ("salesforce", "Account"): """
  SELECT sf_id('001', c) AS _id, '2020-02-06T09:07:13.000Z' AS _created_at, '2025-03-15T09:07:13.000Z' AS _modified_at,
  name AS "Name", CASE WHEN c % 2 = 0 THEN domain ELSE 'https://www.' || domain END AS Website, phone AS Phone,
  street AS BillingStreet, city AS BillingCity, state AS BillingState, zip AS BillingPostalCode,
  country AS BillingCountry, industries[trade] AS Industry, 'Prospect' AS "Type",
  employees::VARCHAR AS NumberOfEmployees, revenue::VARCHAR || '.0' AS AnnualRevenue,
  CASE WHEN described THEN name || ', en ' || city || '.' END AS Description,
  salesforce_owners[1 + c % {owners}] AS OwnerId, CASE WHEN c % 20 = 1 THEN sf_id('001', c - 1) END AS ParentId,
  'Other' AS AccountSource FROM companies""",
    ("hubspot", "companies"): """
  SELECT hs_id('31', c) AS _id, '2020-02-06T12:28:52.000Z' AS _created_at, '2025-04-26T12:28:52.000Z' AS _modified_at,
  name, domain, 'https://' || domain AS website, phone, street AS address, city, state, zip, country,
  sectors[trade] AS industry, 'PROSPECT' AS type, employees::VARCHAR AS numberofemployees,
  revenue::VARCHAR AS annualrevenue, '2007' AS founded_year,
  CASE WHEN described THEN name || ', en ' || city || '.' END AS description,
  hubspot_owners[1 + c % {owners}] AS hubspot_owner_id, pick(traffic, c, 12) AS hs_analytics_source,
  pick(stages, c, 13) AS lifecyclestage, sf_id('001', c) AS salesforceaccountid FROM companies""",
    ("salesforce", "Contact"): f"""
  SELECT sf_id('003', i) AS _id, {_TIMES}, {_SF_PERSON}, birthdate AS Birthdate,
  pick(trades, i, 32) AS Department, sf_id('001', c) AS AccountId, street AS MailingStreet, city AS MailingCity,
  state AS MailingState, zip AS MailingPostalCode, country AS MailingCountry FROM people WHERE NOT is_lead""",
    ("salesforce", "Lead"): f"""
  SELECT sf_id('00Q', i) AS _id, {_TIMES}, {_SF_PERSON}, 'Company ' || c AS Company, 'Banking' AS Industry,
  street AS Street, city AS City, state AS State, zip AS PostalCode, country AS Country,
  'Open - Not Contacted' AS Status, 'Warm' AS Rating, 'false' AS IsConverted FROM people WHERE is_lead""",
    ("hubspot", "contacts"): f"""
  SELECT hs_id('21', i) AS _id, {_TIMES}, email, {_SAID} AS salutation, first_name AS firstname,
  last_name AS lastname, birthdate AS date_of_birth, 'es' AS hs_language, title AS jobtitle,
  'marketing' AS job_function, hs_id('31', c) AS associatedcompanyid, 'Company ' || c AS company,
  CASE WHEN is_lead THEN 'Banking' END AS industry, hubspot_owners[owner] AS hubspot_owner_id, phone,
  {_NEW_MOBILE} AS mobilephone, fax, street AS address, city, state, zip, country, source AS lead_source,
  pick(traffic, i, 33) AS hs_analytics_source, pick(stages, i, 34) AS lifecyclestage, 'NEW' AS hs_lead_status,
  message, opted_out::VARCHAR AS hs_email_optout, silent::VARCHAR AS do_not_call,
  'false' AS hs_marketable_status, CASE WHEN NOT is_lead THEN sf_id('003', i) END AS salesforcecontactid,
  CASE WHEN is_lead THEN sf_id('00Q', i) END AS salesforceleadid FROM people""",
    ("hubspot", "_associations.contacts.companies"): """
  SELECT 'contacts' AS from_object, hs_id('21', i) AS from_id, 'companies' AS to_object,
  hs_id('31', c) AS to_id, 'true' AS is_primary FROM people""",
    ("hubspot", "_associations.companies.companies"): """
  SELECT 'companies' AS from_object, hs_id('31', c) AS from_id, 'companies' AS to_object,
  hs_id('31', c - 1) AS to_id, 'parent' AS label, 'false' AS is_primary FROM companies WHERE c % 20 = 1""",
}
_DEAL_SELECTS: Mapping[tuple[str, str], str] = {
    ("salesforce", "Opportunity"): f"""
  SELECT sf_id('006', d) AS _id, {_TIMES}, name AS "Name", amount::VARCHAR AS Amount, 'EUR' AS CurrencyIsoCode,
  'New Business' AS "Type", closing::VARCHAR AS CloseDate, sf_steps[step] AS StageName, sf_chances[step] AS Probability,
  salesforce_owners[owner] AS OwnerId, CASE WHEN NOT alone THEN sf_id('001', c) END AS AccountId,
  won::VARCHAR AS IsWon, closed::VARCHAR AS IsClosed FROM deals""",
    ("hubspot", "deals"): f"""
  SELECT hs_id('41', d) AS _id, {_TIMES}, name AS dealname, amount::VARCHAR AS amount, 'EUR' AS deal_currency_code,
  'newbusiness' AS dealtype, closing || 'T12:00:00.000Z' AS closedate, hs_steps[step] AS dealstage,
  'default' AS pipeline, hubspot_owners[owner] AS hubspot_owner_id, won::VARCHAR AS hs_is_closed_won,
  closed::VARCHAR AS hs_is_closed FROM deals""",
    ("salesforce", "_associations.Opportunity.Contact"): """
  SELECT 'Opportunity' AS from_object, sf_id('006', d) AS from_id, 'Contact' AS to_object, sf_id('003', i) AS to_id,
  'Decision Maker' AS label, 'Decision Maker' AS role, (place = 0)::VARCHAR AS is_primary
  FROM (SELECT d, place, 5 * c + (d + place) % 5 AS i FROM deals, range(2) AS p(place)
    WHERE NOT unnamed AND (place = 0 OR d % 3 > 0)) WHERE i % 7 <> 3""",
    ("hubspot", "_associations.deals.contacts"): """
  SELECT 'deals' AS from_object, hs_id('41', d) AS from_id, 'contacts' AS to_object, hs_id('21', i) AS to_id,
  'false' AS is_primary
  FROM (SELECT d, 5 * c + (d + place) % 5 AS i FROM deals, range(2) AS p(place)
    WHERE NOT unnamed AND (place = 0 OR d % 3 > 0))""",
    ("hubspot", "_associations.deals.companies"): """
  SELECT 'deals' AS from_object, hs_id('41', d) AS from_id, 'companies' AS to_object, hs_id('31', c) AS to_id,
  'true' AS is_primary FROM deals WHERE NOT alone""",
}
OBJECTS = tuple(_SELECTS)
DEAL_OBJECTS = tuple(_DEAL_SELECTS)
PEOPLE = (("salesforce", "Contact"), ("salesforce", "Lead"), ("hubspot", "contacts"))

ENTITIES: Mapping[str, int] = {"company": SHARE, "contact": 1}
"""How many people there are to one record of each entity."""


def records(entity: str, number: int) -> tuple[tuple[str, str, str], ...]:
    """(system, object, id) of both records of one person or company."""
    if entity == "company":
        salesforce = ("Account", f"001{number:012}AAA")
    else:
        salesforce = (
            ("Lead", f"00Q{number:012}AAA")
            if number % 7 == 3
            else ("Contact", f"003{number:012}AAA")
        )
    hubspot = (
        ("companies", f"31{number:09}") if entity == "company" else ("contacts", f"21{number:09}")
    )
    return ("salesforce", *salesforce), ("hubspot", *hubspot)


def open_crowd(owners: Mapping[str, list[str]]) -> duckdb.DuckDBPyConnection:
    """A session that invents people; `owners` are user ids by system, equal places being one person."""
    import duckdb

    db = duckdb.connect(config={"threads": 2, "memory_limit": "1GB"})
    db.execute(_MACROS)
    pools = {name: list(words) for name, words in _POOLS.items()}
    for name, words in {**pools, **{f"{s}_owners": ids for s, ids in owners.items()}}.items():
        db.execute(f"CREATE MACRO {name}_() AS {words!r}")
    return db


def batches(
    db: duckdb.DuckDBPyConnection,
    place: tuple[str, str],
    fields: tuple[str, ...],
    people: int,
    *,
    owners: int,
    later: bool = False,
) -> Iterator[pa.RecordBatch]:
    """Every record of one object in the columns of a snapshot; a column that nobody fills is null.

    `later` is the same crowd a day later: one person of a hundred has a new title or a new mobile number.
    """
    import pyarrow as pa

    schema = pa.schema([(name, pa.string()) for name in fields])
    count = _SOURCES[_source(place)][1](people)
    for first in range(0, count, _ROWS):
        known = {"first": first, "last": min(first + _ROWS, count), "owners": owners}
        query = _query(place, known | {"companies": _companies(people)}, later=later)
        table = db.sql(query).to_arrow_table()
        for batch in table.to_batches():
            yield _in_columns(batch, schema)


def _companies(people: int) -> int:
    return -(-people // SHARE)


_SOURCES: Mapping[str, tuple[str, Callable[[int], int]]] = {
    "people": (_PEOPLE, lambda people: people),
    "companies": (_COMPANIES, _companies),
    "deals": (_DEALS, lambda people: people * DEALS[0] // DEALS[1]),
}
"""What a query is made from, and how many rows there are of it for so many people."""


def _select(place: tuple[str, str]) -> str:
    return {**_SELECTS, **_DEAL_SELECTS}[place]


def _source(place: tuple[str, str]) -> str:
    words = _select(place)
    return next(name for name in _SOURCES if re.search(rf"FROM {name}\b", words))


def _query(place: tuple[str, str], numbers: Mapping[str, int], *, later: bool) -> str:
    known = {**numbers, "share": SHARE, "later": "true" if later else "false"}
    source = _source(place)
    rows = _SOURCES[source][0].format(**known)
    return _with_pools(f"WITH {source} AS ({rows}) {_select(place).format(**known)}")


def _with_pools(query: str) -> str:
    """The query with every pool called as what it is to DuckDB: a macro without parameters."""
    names = "|".join([*_POOLS, "salesforce_owners", "hubspot_owners"])
    return re.sub(rf"\b({names})\b(?=[\[,])", r"\1_()", query)


def _in_columns(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    import pyarrow as pa

    empty = pa.nulls(batch.num_rows, pa.string())
    has = set(batch.schema.names)
    columns = [
        batch.column(name).cast(pa.string()) if name in has else empty for name in schema.names
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
