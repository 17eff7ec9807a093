"""The words of names, in the field they belong to: given names and surnames, whichever field they were typed in."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmsync.warehouse.duplicates.names import in_latin, names
from crmsync.warehouse.engine import literal

if TYPE_CHECKING:
    import duckdb

FIELDS = ("given_name", "family_name", "full_name")
_USUAL = 0.00005
"""A given name is usual from this share of all people on, and from three of them: a slip makes a word that is not."""
_LEAST = 3
_RARE = 0.00001
"""A name that so few people have by chance has nobody twice, even in a firm of hundreds."""
_GLUED = r"\b(Del|De[Ll]a|De[Ll]os|De[Ll]as)(\p{Lu}\p{Ll})"
"""A particle written in one word with the surname: DelosRamirez."""

_FOREIGN = (
    r"[\x{0370}-\x{1dff}\x{1f00}-\x{1fff}\x{2e80}-\x{d7ff}\x{f900}-\x{fdff}\x{fe70}-\x{feff}]"
)
"""A letter of another alphabet than the Latin one, or a sign that stands for a word."""

_AHEAD = "split_part(plain, ',', 1)"


def gather_roots(db: duckdb.DuckDBPyConnection) -> None:
    """dup_root: the forms of given names."""
    rows = ", ".join(f"({literal(form)}, {literal(root)})" for form, root in names().roots.items())
    db.execute(
        f"CREATE OR REPLACE TEMP TABLE dup_root AS SELECT * FROM (VALUES {rows}) r(form, root)"
    )


def split_names(db: duckdb.DuckDBPyConnection, source: str) -> None:
    """dup_words: the words of each distinct name, once, for most names are there many times.

    Particles and titles are left out, but where nothing else is written: then E. is an initial. `cut` says how many
    words stand before a comma, `foreign_letters` whether some are not Latin.
    """
    texts = " UNION ".join(f"SELECT {each} AS text FROM {source}" for each in FIELDS)
    told = ", ".join(literal(word) for word in sorted(names().silent))
    titles = ", ".join(literal(word) for word in sorted(names().titles) if len(word) > 1)
    spoken = f"list_filter(words, lambda w: w NOT IN ({told}))"
    alone = f"list_filter(words, lambda w: w NOT IN ({titles}))"
    before = f"list_filter(ahead, lambda w: w NOT IN ({told}))"
    db.execute(
        "CREATE OR REPLACE TEMP TABLE dup_words AS "
        f"WITH parted AS (SELECT text, regexp_replace(text, '{_GLUED}', '\\1 \\2', 'g') AS plain "
        f"FROM ({texts}) WHERE text IS NOT NULL), "
        f"split AS (SELECT text, {_words_of('plain')} AS words, "
        f"CASE WHEN contains(text, ',') THEN {_words_of(_AHEAD)} END AS ahead FROM parted) "
        f"SELECT text, coalesce(nullif({spoken}, []), nullif({alone}, [])) AS words, len({before}) AS cut, "
        f"regexp_matches(text, {literal(_FOREIGN)}) AS foreign_letters FROM split"
    )


def _words_of(text: str) -> str:
    return f"list_filter(string_split(name_norm({in_latin(text)}), ' '), lambda w: w <> '')"


def says_yes(column: str) -> str:
    """True for whatever is no way to say no: a day on which somebody was erased says so, too."""
    return f"lower(trim({column})) NOT IN ('false', 'no', '0', 'f', 'n')"


_KNOWN = f"NOT coalesce({says_yes('s.erased')}, false)"
_FIRSTS = f"""
SELECT g.words[1] AS given, f.words[1] AS family FROM dup_source s
JOIN dup_words g ON g.text = s.given_name JOIN dup_words f ON f.text = s.family_name WHERE {_KNOWN}
UNION ALL
SELECT w.words[1], w.words[2] FROM dup_source s JOIN dup_words w ON w.text = s.full_name
WHERE s.given_name IS NULL AND s.family_name IS NULL AND len(w.words) > 1 AND {_KNOWN}
"""
_COUNTED = """
WITH counted AS (SELECT word, sum(g) AS given, sum(f) AS family FROM (
  SELECT given AS word, count(*) AS g, 0 AS f FROM dup_first GROUP BY 1
  UNION ALL SELECT family, 0, count(*) FROM dup_first GROUP BY 1) WHERE word IS NOT NULL GROUP BY word),
everybody AS (SELECT count(*)::DOUBLE AS n FROM dup_first)
SELECT word, given / n AS given, family / n AS family, given >= {least} AND given / n >= {usual} AS usual
FROM counted, everybody
"""


def count_words(db: duckdb.DuckDBPyConnection) -> None:
    """dup_called (word, given, family, usual): the share of people whose name, and whose surname, begins with a word.

    Reads `dup_source` and its `dup_words`. Whoever has both names counts, but not who asked to be forgotten.
    """
    db.execute(f"CREATE OR REPLACE TEMP TABLE dup_first AS {_FIRSTS}")
    counted = _COUNTED.format(least=_LEAST, usual=_USUAL)
    db.execute(f"CREATE OR REPLACE TABLE dup_called AS {counted}")
    db.execute("DROP TABLE dup_first")


NAMED = """
named AS (SELECT s.*, a.words AS gw, b.words AS fw, w.words AS ww, a.cut AS gcut, b.cut AS fcut, w.cut AS wcut,
  coalesce(a.foreign_letters, false) OR coalesce(b.foreign_letters, false) OR coalesce(w.foreign_letters, false)
    AS foreign_letters
  FROM {source} s LEFT JOIN dup_words a ON a.text = s.given_name LEFT JOIN dup_words b ON b.text = s.family_name
  LEFT JOIN dup_words w ON w.text = s.full_name),
lone AS (SELECT *, CASE WHEN gw IS NOT NULL AND fw IS NOT NULL THEN NULL WHEN gw IS NOT NULL THEN 'given'
    WHEN fw IS NOT NULL THEN 'family' ELSE 'full' END AS field, coalesce(gw, fw, ww) AS said,
  coalesce(gcut, fcut, wcut) AS cut, CASE field WHEN 'given' THEN said[2] WHEN 'family' THEN said[1] END AS asked
  FROM named),
known AS (SELECT l.*, coalesce(c.given > c.family, r.root IS NOT NULL OR NOT EXISTS (FROM dup_called)) AS is_given
  FROM lone l LEFT JOIN dup_called c ON c.word = l.asked LEFT JOIN dup_root r ON r.form = l.asked),
turned AS (SELECT *, CASE WHEN field IS NULL THEN gw WHEN cut > 0 AND cut < len(said) THEN said[cut + 1:]
    WHEN field = 'given' AND len(said) = 2 AND is_given THEN said
    WHEN field = 'family' AND (len(said) = 1 OR NOT is_given) THEN NULL ELSE said[:1] END AS g,
  CASE WHEN field IS NULL THEN fw WHEN cut > 0 AND cut < len(said) THEN said[:cut]
    WHEN field = 'given' AND len(said) = 2 AND is_given THEN NULL
    WHEN field = 'family' AND (len(said) = 1 OR NOT is_given) THEN said ELSE nullif(said[2:], []) END AS f
  FROM known)
"""
"""`turned`: the records of a source with the words of the given name (g) and of the surname (f).

Where a name stands in one field alone, a comma parts it; else its first word is the given name, but of a surname field
only if it is one, and a second word of a first name field is a surname unless it is a given name.
"""
RARE = f"coalesce(c1.given, 1) * coalesce(c2.family, 1) < {_RARE}"
"""Whether so few people have such a name by chance: over `dup_called` of the first given name and surname."""
