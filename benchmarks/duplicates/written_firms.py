"""How one firm's name stands in different records: its legal form, its long words, capitals, slips.

Makes the macros of it and the tables `lands` and `firms` that others join.
"""

from __future__ import annotations

import duckdb
import numpy as np
import pyarrow as pa

from benchmarks.duplicates.employers import Firms
from benchmarks.duplicates.places import CODES, COUNTRIES
from benchmarks.duplicates.trades import SHORT, TITLES, TRADES

_MACROS = """
CREATE MACRO with_form(name, forms, i, lost) AS CASE WHEN forms = [''] OR chance(i, 400, lost) THEN name
  WHEN chance(i, 401, 0.6) THEN name || ' ' || forms[1]
  WHEN chance(i, 402, 0.4) THEN name || ', ' || forms[1] ELSE name || ' ' || pick(forms, i, 403) END;
CREATE MACRO in_short(name, i, rate) AS CASE WHEN NOT chance(i, 404, rate) THEN name
  WHEN chance(i, 405, 0.5) THEN replace({shorter}, 'Grupo ', 'Gpo. ')
  WHEN chance(i, 406, 0.5) AND list_contains({trades}, regexp_extract(name, ' ([^ ]+)$', 1))
    THEN regexp_replace(name, ' [^ ]+$', '')
  ELSE regexp_replace(replace(name, '&', 'y'), '^(Grupo|Group|Groupe|Gruppe) ', '') END;
"""

# One step after the other: a macro repeats its argument, and macros inside macros would repeat it a thousand times.
WRITTEN = """
SELECT * REPLACE (cased({name}, {row}, 412, {{letter_case}}) AS {name}) FROM (
SELECT * REPLACE (maybe_slip({name}, {row}, 408, {{company_slip}}) AS {name}) FROM (
SELECT * REPLACE (with_form({name}, forms, {row}, {{form_lost}}) AS {name}) FROM (
SELECT * REPLACE (in_short({name}, {row}, {{shortened}}) AS {name}) FROM (
SELECT * REPLACE (CASE WHEN chance({row}, 407, {{accents_lost}}) THEN strip_accents({name}) ELSE {name} END AS {name})
FROM {source}))))
"""


def write_firms(db: duckdb.DuckDBPyConnection, firms: Firms) -> None:
    """Makes the macros, `lands` (country, code, dial, trunk, names, cities, forms) and `firms` (firm, name, ...)."""
    shorter = "name"
    for word, short in SHORT.items():
        shorter = f"replace({shorter}, '{word}', '{short}')"
    db.execute(
        _MACROS.format(
            shorter=shorter, trades=sorted({t for each in TRADES.values() for t in each})
        )
    )
    db.register("lands_given", _lands())
    db.execute("CREATE TABLE lands AS FROM lands_given")
    db.register(
        "titles", pa.table({"title": range(len(TITLES)), "words": [t.split("/") for t in TITLES]})
    )
    db.register("firms_given", firms_table(firms))
    db.execute("CREATE TABLE firms AS FROM firms_given")


def firms_table(firms: Firms) -> pa.Table:
    """Firms as columns, with the place as `firm`."""
    names = (
        "name",
        "form",
        "country",
        "city",
        "domain",
        "other_domain",
        "switchboard",
        "pattern",
        "parent",
    )
    columns = {name: pa.array(getattr(firms, name)) for name in names}
    return pa.table({"firm": pa.array(np.arange(len(firms))), **columns})


def _lands() -> pa.Table:
    lands = list(COUNTRIES.values())
    return pa.table(
        {
            "country": range(len(lands)),
            "code": list(CODES),
            "dial": [each.dial for each in lands],
            "trunk": [each.trunk for each in lands],
            "names": [list(each.names) for each in lands],
            "cities": [[city.split("/") for city in each.cities] for each in lands],
            "forms": [[form.split("/") for form, _ in each.forms] for each in lands],
        }
    )
