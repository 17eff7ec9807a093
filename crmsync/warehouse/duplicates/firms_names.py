"""What the names of companies come to, each distinct one once: `dup_name`.

| column | is |
|---|---|
| text | the name as it was written |
| bag, bare | its words without legal form, country and word of a group: sorted, and as one word in their order |
| whole | `bag`, with the country and the word of a group |
| words, rare | those of `bag` as a list; the one that the fewest names have |
| usual | the one that most names have; '' if there is but one |
| lone, others | whether no other name has the rare word; how many firms have such a name by chance |
| initials | the first letters of three words and more |
| land, of_group | the country that it ends with; whether it ends with a word such as Holding |
| form, form_land | the legal form; the country whose law alone knows its legal form |

Words are compared as the one they stand for: Lab. is laboratorios (firms.yml).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.core.countries import country_of
from crmsync.warehouse.duplicates.firm_words import firm_words
from crmsync.warehouse.duplicates.lookups import keep_answers, keep_pairs
from crmsync.warehouse.engine import literal
from crmsync.warehouse.wording import words
from crmsync.warehouse.wording_macros import spelled_form

if TYPE_CHECKING:
    import duckdb

_LEAST = 4
"""A country's name has so many letters; shorter ones are codes, and words of other languages."""


def build_names(db: duckdb.DuckDBPyConnection) -> None:
    """Builds `dup_name` of the names in `dup_source`; needs the macros of the face."""
    _spoken(db)
    _lands(db)
    _tokens(db)
    _bags(db)
    _weighed(db)
    _put_together(db)
    for name in ("spoken", "tail", "token", "bag", "often", "weighed", "root", "form", "law"):
        db.execute(f"DROP TABLE dup_{name}")


def _spoken(db: duckdb.DuckDBPyConnection) -> None:
    """dup_spoken: the words of each name, in their order, without the legal form."""
    also = firm_words().also_legal_forms
    bare = f"regexp_replace(company_norm(text), '(?: (?:{'|'.join(also)}))+$', '')"
    forms = "|".join(spelled_form(form) for form in (*words().legal_forms, *also))
    form = f"replace(regexp_extract(name_norm(text), '(?: (?:{forms}))+$'), ' ', '')"
    db.execute(
        f"CREATE TEMP TABLE dup_spoken AS SELECT text, string_split({bare}, ' ') AS words, "
        f"{form} AS form, count(*) AS records "
        "FROM (SELECT name AS text FROM dup_source WHERE name IS NOT NULL) "
        "WHERE NOT is_placeholder(text) GROUP BY text"
    )
    db.execute("DELETE FROM dup_spoken WHERE words = ['']")


def _lands(db: duckdb.DuckDBPyConnection) -> None:
    """dup_tail: which last word, or last two, are a country; dup_form: which legal forms tell one."""
    keep_answers(
        db,
        "dup_tail",
        "SELECT words[-1] AS text FROM dup_spoken WHERE len(words) > 1 "
        "UNION SELECT words[-2] || ' ' || words[-1] FROM dup_spoken WHERE len(words) > 2",
        _country_named,
    )
    keep_pairs(db, "dup_form", firm_words().forms)
    keep_pairs(db, "dup_law", firm_words().countries)
    keep_pairs(db, "dup_root", firm_words().roots)


def _country_named(text: str) -> str | None:
    found = firm_words().regions.get(text)
    if found is not None:
        return found
    return country_of(text) if len(text) >= _LEAST else None


def _tokens(db: duckdb.DuckDBPyConnection) -> None:
    """dup_token: each word that tells the firm, where it stands, and the word it is compared as."""
    groups = ", ".join(literal(word) for word in sorted(firm_words().of_a_group))
    db.execute(
        "CREATE TEMP TABLE dup_token AS WITH landed AS (SELECT s.text, s.records, s.form, "
        "coalesce(two.answer, one.answer) AS land, "
        "CASE WHEN two.answer IS NOT NULL THEN words[:-3] WHEN one.answer IS NOT NULL THEN words[:-2] "
        "ELSE words END AS words FROM dup_spoken s "
        "LEFT JOIN dup_tail one ON one.text = words[-1] AND len(words) > 1 "
        "LEFT JOIN dup_tail two ON two.text = words[-2] || ' ' || words[-1] AND len(words) > 2), "
        "grouped AS (SELECT l.*, len(words) > 1 AND coalesce(r.answer, words[-1]) IN "
        f"({groups}) AS of_group FROM landed l LEFT JOIN dup_root r ON r.text = words[-1]), "
        "told AS (SELECT * REPLACE (CASE WHEN of_group THEN words[:-2] ELSE words END AS words) FROM grouped), "
        "one AS (SELECT * EXCLUDE (words), unnest(words) AS word, generate_subscripts(words, 1) AS place FROM told) "
        "SELECT one.*, coalesce(r.answer, word) AS root FROM one LEFT JOIN dup_root r ON r.text = word"
    )


def _bags(db: duckdb.DuckDBPyConnection) -> None:
    """dup_bag: the words of each name together; dup_often: in how many different names each of them stands."""
    db.execute(
        "CREATE TEMP TABLE dup_bag AS SELECT text, any_value(form) AS form, any_value(land) AS land, "
        "any_value(of_group) AS of_group, list_sort(list_distinct(list(root))) AS words, "
        "string_agg(word, '' ORDER BY place) AS bare, string_agg(left(word, 1), '' ORDER BY place) AS initials "
        "FROM dup_token GROUP BY text"
    )
    db.execute(
        "CREATE TEMP TABLE dup_often AS SELECT word, count(*) AS names "
        "FROM (SELECT unnest(words) AS word FROM (SELECT DISTINCT words FROM dup_bag)) GROUP BY word"
    )


def _weighed(db: duckdb.DuckDBPyConnection) -> None:
    """dup_weighed: of each name the word that the fewest names have and the one that the most have; is one a town."""
    key = "row(o.names, -length(o.word), o.word)"
    db.execute(
        "CREATE TEMP TABLE dup_weighed AS WITH town AS ("
        "SELECT DISTINCT unnest(string_split(name_norm(place), ' ')) AS word "
        "FROM (SELECT DISTINCT place FROM dup_source)), "
        "one AS (SELECT text, words, unnest(words) AS word FROM dup_bag) "
        f"SELECT text, arg_min(o.word, {key}) AS rare, min(o.names) AS names, "
        f"CASE WHEN any_value(len(words)) > 1 THEN arg_max(o.word, {key}) ELSE '' END AS usual, "
        "bool_or(t.word IS NOT NULL) AS town FROM one JOIN dup_often o ON o.word = one.word "
        "LEFT JOIN town t ON t.word = one.word GROUP BY text"
    )


def _put_together(db: duckdb.DuckDBPyConnection) -> None:
    db.execute(
        "CREATE TEMP TABLE dup_name AS WITH shared AS ("
        "SELECT usual, count(DISTINCT words) / (SELECT count(DISTINCT words) FROM dup_bag) AS share "
        "FROM dup_weighed w JOIN dup_bag b ON b.text = w.text GROUP BY usual) "
        "SELECT b.text, words, array_to_string(words, ' ') AS bag, bare, rare, w.usual, names = 1 AS lone, "
        "names * share AS others, town, land, of_group, "
        "bag || coalesce(' ' || land, '') || CASE WHEN of_group THEN ' +' ELSE '' END AS whole, "
        "CASE WHEN length(initials) > 2 THEN initials END AS initials, "
        "nullif(coalesce(f.answer, form), '') AS form, law.answer AS form_land "
        "FROM dup_bag b JOIN dup_weighed w ON w.text = b.text JOIN shared s ON s.usual = w.usual "
        "LEFT JOIN dup_form f ON f.text = form LEFT JOIN dup_law law ON law.text = coalesce(f.answer, form)"
    )
