"""Macros of the face that read words, made from words.yml.

    email_domain(email)       what stands behind the @
    registrable(host)         its registrable domain: `mail.acme.com.mx` is `acme.com.mx`'s
    is_free_mail(domain)      a provider whose addresses belong to anybody
    is_free_address(email)    an address of one: quicker than to ask of its domain
    is_team_mailbox(email)    info@, ventas.mx@, atencion.cliente@: read by a team
    has_team_word(text)       a name in which a team is named: `Departamento de Compras`
    is_given_name(text)       one word that is a given name and never a surname; is_surname(text) the other way round
    is_no_address(email)      an address that nobody has: `notiene@acme.es`, `sincorreo2@gmail.com`
    is_throwaway_mail(email)  a domain kept for examples, or one that forgets what it gets: test.com, mailinator.com
    is_shared_site(domain)    a site with pages of many companies: facebook.com
    is_blank_word(text)       a whole value that stands for nothing: `sin nombre`, `n/a`, `-`
    is_test_word(text)        a whole value made for a trial: `prueba`, `Test 2`, `asdf`, `Contacto de prueba`
    is_placeholder(text)      either of them
    has_junk(text)            an address of the web, a tag, a broken encoding, `(duplicado)`, `- no usar`
    has_personal_junk(text)   that, or digits and signs that no person's name has
    name_norm(text)           lower case, without accents and signs: for comparing names of people
    company_norm(text)        that, without legal form: for comparing names of companies
    is_household(text)        an account of a family: `Diaz Household`, `Familia Gil`
    country_code(text)        the ISO 3166 code of a country as people write it

All of them give NULL for NULL. None reads a word inside another one: Esteve and Robertest are no trials.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import TYPE_CHECKING

from crmsync.warehouse.engine import literal, quoted
from crmsync.warehouse.wording import Words, words

if TYPE_CHECKING:
    import duckdb

    from crmsync.warehouse.columns import Columns

_SIGNS, _LETTERS = "øłđðıªº", "olddiao"
"""Letters that have no accent to take off, and what they are compared as."""
_DOUBLE = {"ß": "ss", "æ": "ae", "œ": "oe", "þ": "th"}
_ACCENTED, _BARE = "áéíóúñüç", "aeiounuc"
"""The accents of Spanish, and what they are compared as; with these alone a text is cheap to compare."""
_SPANISH = _ACCENTED + _ACCENTED.upper()
_CALL = re.compile(r"(\w+)\(")
_SHORT = 5
"""Legal forms up to so many letters are written with dots and blanks between the letters, too."""
# Bytes of UTF-8 that were read as Latin-1 or Windows-1252, and the sign that stands for a lost letter.
_BROKEN = r"Ã[\x{80}-\x{BF}]|Â[\x{80}-\x{BF}]|â€|ï¿½|\x{FFFD}|\p{L}\?+\p{L}"
_WEB = r"(?i:https?://|\bwww\.[^\s]|</?[a-z][^>]*>|&(?:amp|nbsp|lt|gt|quot|#\d+);)"
_CONTROL = r"[\x00-\x08\x0B\x0C\x0E-\x1F\x7F]"
_SIGNS_OF_NO_NAME = r"[@<>{}\[\]\\|_=#*;~^%$€+]|[\x{1F300}-\x{1FAFF}\x{2600}-\x{27BF}]"
_AROUND = " .,;:[](){}<>*'!¡?¿_-/\""
# Digits that belong to a name: John 3rd, Juan 2º.
_ORDINAL = r"\b\d+(?:st|nd|rd|th|er|º|ª|°|\.º|\.ª)(?:\s|$)"
_TEAMS = (
    "departamento",
    "departament",
    "department",
    "depto",
    "dpto",
    "equipo",
    "equip",
    "centralita",
    "equipe",
)
_KEYBOARD = "asdf[a-z]*|asd(?:asd)+|qwer[a-z]*|qwe(?:qwe)+|zxcv[a-z]*|sdf[sdfg]+|hjkl[a-z]*"


def add_macros(columns: Columns, named: frozenset[str] | None = None) -> None:
    """Adds the macros to the face, whose tables they name as those who ask will find them.

    Those that somebody names, and those that these call; all of them where nobody says what is read.
    """
    ((home,),) = columns.db.execute("SELECT current_catalog()").fetchall()
    columns.db.execute("USE face")
    for statement in _called(named):
        columns.db.execute(f"CREATE MACRO {statement}")
    columns.db.execute(f"USE {quoted(home)}")


def macros_here(db: duckdb.DuckDBPyConnection, named: frozenset[str]) -> None:
    """Adds some macros to a database that is no face: those that ask no table of words."""
    for statement in _called(named):
        db.execute(f"CREATE OR REPLACE TEMP MACRO {statement}")


def _called(named: frozenset[str] | None) -> list[str]:
    """The macros to be added, in their order: each one calls only those before it."""
    if named is None:
        return [*_all_statements()]
    found, wanted = [], named
    for statement in reversed(_all_statements()):
        name, _, body = statement.partition("(")
        if name in wanted:
            found.append(statement)
            wanted |= set(_CALL.findall(body))
    return found[::-1]


@cache
def _all_statements() -> tuple[str, ...]:
    return tuple(_statements(words()))


def _statements(known: Words) -> Iterator[str]:
    yield f"email_domain(email) AS {_email_domain()}"
    yield "registrable(given) AS (SELECT min(h.domain) FROM main.host h WHERE h.host = lower(given))"
    yield "country_code(given) AS (SELECT min(c.code) FROM main.country c WHERE c.name = given)"
    # Patterns, and no IN: that would be a join with the list for every row, four times as long.
    for name, sites in (("is_free_mail", known.free_mail), ("is_shared_site", known.shared_sites)):
        pattern = literal(f"(?i){'|'.join(_escaped(sites))}")
        yield f"{name}(domain) AS regexp_full_match(domain, {pattern})"
    address = literal(f"(?i)@(?:{'|'.join(_escaped(known.free_mail))}) *$")
    yield f"is_free_address(email) AS regexp_matches(email, {address})"
    yield f"unaccented(text) AS {_unaccented('text')}"
    yield f"name_norm(text) AS {_name_norm()}"
    yield f"company_norm(text) AS {_company_norm(known)}"
    for name, all_ in (("is_given_name", known.given_names), ("is_surname", known.surnames)):
        pattern = literal("|".join(sorted(all_)))
        yield f"{name}(text) AS regexp_full_match(name_norm(text), {pattern})"
    home = "|".join(_accented(word) for word in _longest_first(known.households))
    pattern = literal(rf"(?i)^ *(?:the )?(?:{home}) .+|.+ (?:{home}) *$")
    yield f"is_household(text) AS regexp_full_match(text, {pattern})"
    yield from _mailboxes(known)
    yield from _placeholders(known)
    yield from _junk(known)


def _email_domain() -> str:
    # Cutting a text into a list is slow: only of what is no plain address in small letters.
    cut = "substr(email, instr(email, '@') + 1)"
    split = "lower(split_part(trim(email), '@', -1))"
    return (
        f"CASE WHEN regexp_full_match(email, '[^@ ]+@[a-z0-9.-]+') THEN {cut} "
        f"WHEN contains(email, '@') THEN {split} END"
    )


def _unaccented(text: str) -> str:
    """Lower case without accents; what has none of them to take off is spelled out."""
    plain = f"translate(strip_accents(nfc_normalize(lower({text}))), '{_SIGNS}', '{_LETTERS}')"
    for sign, letters in _DOUBLE.items():
        plain = f"replace({plain}, {literal(sign)}, {literal(letters)})"
    # Most texts have no accents, or only those of Spanish: these are as good, and five times as fast.
    return (
        f"CASE WHEN NOT regexp_matches({text}, '[^\\x00-\\x7F]') THEN lower({text}) "
        f"WHEN regexp_full_match({text}, '[\\x00-\\x7F{_SPANISH}]*') THEN {_folded(text)} ELSE {plain} END"
    )


def _folded(text: str) -> str:
    """Lower case without the accents of Spanish."""
    plain = f"lower({text})"
    for accented, letter in zip(_ACCENTED, _BARE, strict=True):
        plain = f"replace({plain}, '{accented}', '{letter}')"
    return plain


def _name_norm() -> str:
    # Mª and Ma. are María: as Spain and as Mexico shorten it.
    maria = r"regexp_replace(lower(text), '(^|[^\p{L}])m\.?ª|^ma\. ', '\1maria ', 'g')"
    return _spaced(f"unaccented({maria})")


def _spaced(plain: str) -> str:
    """`text` without accents and signs, its words with one blank between them; `plain` has lost its accents."""
    joined = rf"regexp_replace({plain}, '[''’‘`´ʼ]', '', 'g')"
    spaced = rf"trim(regexp_replace({joined}, '[^\p{{L}}\p{{M}}\p{{N}}]+', ' ', 'g'))"
    word = f"[A-Za-z0-9{_SPANISH}]+"
    # Words with one blank between them have no signs to take off: four times as fast.
    simple = f"regexp_full_match(text, '{word}(?: {word})*')"
    return f"CASE WHEN {simple} THEN {_folded('text')} ELSE {spaced} END"


def _company_norm(known: Words) -> str:
    forms = "|".join(spelled_form(form) for form in known.legal_forms)
    bare = f"regexp_replace({_spaced('unaccented(text)')}, '(?: (?:{forms}))+$', '')"
    connecting = "|".join(sorted(known.connecting_words))
    return f"regexp_replace({bare}, ' (?:{connecting}) ', ' ', 'g')"


def spelled_form(form: str) -> str:
    """A legal form as a pattern: `S.A.`, `S. A.` and `SA` are one."""
    return " ".join(" ?".join(word) if len(word) <= _SHORT else word for word in form.split())


def _mailboxes(known: Words) -> Iterator[str]:
    box = "|".join(_accented(word) for word in _longest_first(known.team_mailboxes))
    rest = "|".join(_escaped(known.team_mailboxes | known.team_mailbox_rest))
    local = rf"(?i)^ *(?:{box})(?:[._+-]?(?:al?[._-]?)?(?:{rest}|[0-9]{{1,3}}))*@"
    yield f"is_team_mailbox(email) AS regexp_matches(email, {literal(local)})"
    whole = rf"(?:^| )(?:{box}|{'|'.join(_TEAMS)})(?: |$)"
    yield f"has_team_word(text) AS regexp_matches(name_norm(text), {literal(whole)})"


def _placeholders(known: Words) -> Iterator[str]:
    blank = literal("|".join(_escaped(known.stands_for_blank)))
    # Without the signs around it: [not provided], "sin nombre", ¿desconocido?
    core = f"trim(unaccented(text), {literal(_AROUND)})"
    # As below: whoever begins otherwise is looked at no closer.
    heads = "|".join(
        _accented(head) for head in sorted({w.split()[0] for w in known.stands_for_blank})
    )
    begins = rf"^[{re.escape(_AROUND)}#]*(?:(?:{heads})|xx|$)"
    # A pattern, and neither IN nor a list: those would be gone through for every row.
    whole = (
        f"regexp_full_match({core}, {blank}) "
        "OR (trim(text) <> '' AND NOT regexp_matches(text, '[\\p{L}\\p{M}\\p{N}]')) "
        "OR regexp_full_match(lower(trim(text)), 'x{2,}(?:[ -]x{2,})*')"
    )
    yield f"is_blank_word(text) AS {_where('(?i)' + begins, whole)}"
    # Most names have none of these letters in them, and are looked at no closer: that is ten times as fast.
    has = "|".join(sorted(known.test_words | known.test_words_in_company)) + "|asd|qwe|zxc|sdf|hjk"
    yield f"is_test_word(text) AS {_where('(?i)' + has, _is_test(known))}"
    either = _where(f"(?i){begins}|{has}", "is_blank_word(text) OR is_test_word(text)")
    yield f"is_placeholder(text) AS {either}"
    yield f"is_no_address(email) AS {_no_address(known)}"
    throwaway = "|".join(_escaped(known.throwaway_mail))
    yield f"is_throwaway_mail(email) AS regexp_matches(email, {literal(f'(?i)@(?:{throwaway}) *$')})"


def _is_test(known: Words) -> str:
    sure, demo, beside = (
        "|".join(sorted(each))
        for each in (known.test_words, known.test_words_in_company, known.beside_test_words)
    )
    any_ = rf"(?:(?:{sure}|{demo}|{beside})?\d*)"
    made = rf"{any_}(?: {any_})*"
    trial = rf"(?:^| )(?:{sure})\d*(?: |$)|(?:^| )(?:{demo})\d* |.* (?:{demo})\d*(?: |$)"
    keys = rf"(?:{_KEYBOARD})(?: (?:{_KEYBOARD}))*"
    return (
        f"(regexp_full_match(name_norm(text), {literal(made)}) "
        f"AND regexp_matches(name_norm(text), {literal(trial)})) "
        f"OR regexp_full_match(name_norm(text), {literal(keys)})"
    )


def _where(pattern: str, asked: str) -> str:
    """What is asked of texts in which a pattern is found; of every other one it is false, and of none unknown."""
    return f"(CASE WHEN regexp_matches(text, {literal(pattern)}) THEN {asked} WHEN text IS NOT NULL THEN false END)"


def _no_address(known: Words) -> str:
    local = "|".join(_escaped(known.no_address))
    # no@no.com, a@a.es: what stands before the @ stands behind it again, and is no name: mit@mit.edu is.
    short = "split_part(lower(trim(email)), '@', 1)"
    twice = (
        f"{short} = split_part(email_domain(email), '.', 1) "
        f"AND (replace({short}, {short}[1], '') = '' OR regexp_full_match({short}, 'no|na|abc|asd|qwe'))"
    )
    pattern = literal(rf"(?i)^ *(?:{local})[0-9]*@")
    # CASE, as AND looks at both sides of every row: seventeen times as long (DuckDB 2.0.0, 2026-11).
    is_short = "regexp_matches(email, '^ *.{1,3}@')"
    return f"(regexp_matches(email, {pattern}) OR CASE WHEN {is_short} THEN {twice} ELSE false END)"


def _junk(known: Words) -> Iterator[str]:
    marks = "|".join(_escaped(known.marks_of_copies))
    anywhere = "|".join(_escaped(known.marks_anywhere))
    copies = "|".join((
        rf"[(\[{{]\s*(?:{marks})\s*\d*\s*[)\]}}]",
        rf"(?:\s[-–—]+\s+|[_/*|:]\s*)(?:{marks})[\s\d.*!]*$",
        rf"^\W*(?:{marks})\s*(?:[_/*|:]|\s[-–—]\s)",
        rf"\s(?:{anywhere})[\s.*!]*$",
        r"^z{2,}[_-]|^z{3,} ",
    ))  # fmt: skip
    # In capitals beside small letters, anywhere: `NO USAR Acme` is a mark, `No Usar Plástico` is a name.
    loud = rf"\b(?:{anywhere.upper()})\b.*\p{{Ll}}|\p{{Ll}}.*\b(?:{anywhere.upper()})\b"
    # One pattern, which is looked for once: five cost five times as much.
    junk = "|".join((_WEB, _BROKEN, _CONTROL, f"(?i:{copies})", loud))
    yield f"has_junk(text) AS regexp_matches(text, {literal(junk)})"
    digits = rf"regexp_matches(regexp_replace(lower(text), {literal(_ORDINAL)}, ''), '[0-9]')"
    sure = f"{junk}|{_SIGNS_OF_NO_NAME}"
    whole = f"regexp_matches(text, {literal(sure)}) OR {digits}"
    yield f"has_personal_junk(text) AS {_where(f'{sure}|[0-9]', whole)}"


_ACCENTS = {"a": "[aáàãâ]", "e": "[eéèê]", "i": "[ií]", "o": "[oóòõô]", "u": "[uú]"}


def _accented(word: str) -> str:
    """A word as a pattern that takes accents, too."""
    return "".join(_ACCENTS.get(letter, re.escape(letter)) for letter in word.lstrip("#"))


def _longest_first(all_: Iterable[str]) -> list[str]:
    return sorted(all_, key=lambda word: (-len(word), word))


def _escaped(all_: Iterable[str]) -> list[str]:
    """Words as patterns, the longest first."""
    return [re.escape(each).replace(r"\ ", " ") for each in _longest_first(all_)]
