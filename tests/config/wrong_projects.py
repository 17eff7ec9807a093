"""Files crmsync.yml and audits that are wrong in one way each."""

from __future__ import annotations

from config.wrong_texts import AUDIT, PROJECT, SYNTAX, Wrong

PROJECTS: Wrong = {
    "a key misspelt, which is not missing as well": (
        PROJECT.replace("systems:", "systms:"),
        [
            "3:1 CRM002 unknown key 'systms' (did you mean 'systems'?)",
        ],
    ),
    "a system without a kind": (
        PROJECT.replace("kind: hubspot, ", ""),
        ["4:3 CRM003 system 'hubspot' has no kind (add `kind:`)"],
    ),
    "a token in plain text": (
        PROJECT.replace("${HUBSPOT_TOKEN}", "pat-xx-invented"),
        [
            "4:28 CRM022 hubspot.token holds a secret in plain text "
            "(write ${HUBSPOT_TOKEN} and set it in the environment or .env)"
        ],
    ),
    "a token that is a name only in part": (
        PROJECT.replace("${HUBSPOT_TOKEN}", "pat-${HUBSPOT_TOKEN}"),
        [
            "4:28 CRM022 hubspot.token holds a secret in plain text "
            "(write ${HUBSPOT_TOKEN} and set it in the environment or .env)"
        ],
    ),
    "any other key of a secret, which is no setting of HubSpot's": (
        PROJECT.replace("token:", "access_token:"),
        [
            "4:28 CRM100 systems.hubspot: setting 'access_token' is not known (did you mean 'refresh_token'?)"
        ],
    ),
    "a password in the store": (
        PROJECT + "store: postgresql+psycopg://crm:geheim@db.example/crm\n",
        ["5:1 CRM022 store holds a password in plain text (write ${STORE_PASSWORD} in its place, or ${STORE_URL})"],
    ),
    "an unknown limit": (
        PROJECT + "limits: {blnks: {at_most: 3}}\n",
        ["5:10 CRM020 unknown limit 'blnks' (did you mean 'blanks'?)"],
    ),
    "a limit that cannot be loosened": (
        PROJECT + "limits: {reopened_consent: {at_most: 3}}\n",
        ["5:10 CRM021 'reopened_consent' cannot be loosened (remove this line)"],
    ),
    "a limit below nothing": (
        PROJECT + "limits: {blanks: {at_most: -1}}\n",
        ["5:10 CRM027 limit 'blanks' is no number (at_most from 0, share from 0 to 1)"],
    ),
    "a limit without its form": (
        PROJECT + "limits: {blanks: 3}\n",
        ["5:10 CRM004 limits.blanks: 3 does not fit (write names with values: {a: b})"],
    ),
    "a third language": (
        PROJECT + "language: fr\n",
        ["5:1 CRM004 language: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "places that are none": (
        PROJECT.replace("EUR", "euros") + "timezone: Europe/Madird\nregion: Spain\n",
        [
            "2:1 CRM029 unknown currency 'euros' (use three capital letters of ISO 4217, as in EUR)",
            "5:1 CRM044 unknown timezone 'Europe/Madird' (did you mean 'Europe/Madrid'?)",
            "6:1 CRM028 unknown region 'Spain' (use two capital letters of ISO 3166, as in ES)",
        ],
    ),
    "no system": (
        "name: tried\ncurrency: EUR\nsystems: {}\n",
        ["3:1 CRM025 no system (name one: salesforce, hubspot)"],
    ),
    "a system that is a path": (
        PROJECT.replace("  hubspot:", "  ../evil:"),
        ["4:3 CRM026 '../evil' cannot be the name of a system (use a-z, 0-9 and _)"],
    ),
    "a number that is none": (
        PROJECT + "clock_margin_s: two\n",
        ["5:1 CRM004 clock_margin_s: 'two' does not fit (write a whole number)"],
    ),
    "a secret without quotes": (
        PROJECT.replace('"${HUBSPOT_TOKEN}"', "${HUBSPOT_TOKEN}"),
        [f"4:36 CRM001 expected ',' or '}}', but got '{{' ({SYNTAX})"],
    ),
    "agreed hours of no day, of no time, and none of them with a zone": (
        PROJECT + 'agreement:\n  hours: {mon-fry: ["09:00-18:00"], sat: ["18:00-09:00", "9-12"]}\n',
        [
            "6:3 CRM107 agreement.hours have no time zone "
            "(add `timezone: Europe/Madrid` to agreement, or UTC if that is meant)",
            "6:11 CRM107 agreement.hours: 'mon-fry' are no weekdays "
            "(write a day or days in order, as in mon-fri or sat)",
            "6:43 CRM107 agreement.hours: '18:00-09:00' is no time of a day "
            '(write "09:00-18:00", the end up to 24:00 and after the beginning)',
            "6:58 CRM107 agreement.hours: '9-12' is no time of a day "
            '(write "09:00-18:00", the end up to 24:00 and after the beginning)',
        ],
    ),
    "a holiday that is no day, a zone that is none, and numbers too small": (
        PROJECT + "agreement:\n  within_minutes: 0\n  late_minutes: -1\n  timezone: Madrid\n"
        '  holidays: ["8 de diciembre"]\n',
        [
            "6:3 CRM107 agreement.within_minutes: 0 is too few (write a number from 1 on)",
            "7:3 CRM107 agreement.late_minutes: -1 is too few (write a number from 0 on)",
            "8:3 CRM107 agreement.timezone: unknown timezone 'Madrid' (use an IANA name such as Europe/Madrid)",
            "9:14 CRM107 agreement.holidays: '8 de diciembre' is no day (write \"2026-12-08\")",
        ],
    ),
    "an outcome that means nothing known": (
        PROJECT + "agreement: {outcomes: {Volverá: reached}}\n",
        [
            "5:24 CRM004 agreement.outcomes.Volverá: 'reached' does not fit (use 'connected', 'voicemail', 'message', "
            "'no_answer', 'busy', 'wrong_number', 'held', 'no_show', 'failed' or 'nothing')"
        ],
    ),
}  # fmt: skip

AUDITS: Wrong = {
    "an unknown key and an unknown severity": (
        AUDIT.replace("severity: error", "severity: erro\n-- severty: error"),
        [
            "2:4 CRM004 severity: 'erro' does not fit (use 'error', 'warning' or 'info')",
            "3:4 CRM002 unknown key 'severty' (did you mean 'severity'?)",
        ],
    ),
    "one language and no query": (
        AUDIT.replace("why: {en: a, es: b}", "why: {en: a}").replace("SELECT system, object, id FROM contact\n", ""),
        ["6:4 CRM051 why has no es (add `es:` to why)", "8:1 CRM050 no query (add a SELECT)"],
    ),
    "a query in the header": (
        AUDIT.replace("-- id", "-- query: SELECT 1\n-- id"),
        ["1:4 CRM002 unknown key 'query' (remove it: the file's name and the query below count)"],
    ),
    "a header that breaks off": (
        "-- id: Z01\n-- summary: {en: a\nSELECT 1\n",
        [f"2:19 CRM001 expected ',' or '}}', but got '<stream end>' ({SYNTAX})"],
    ),
    "a third language": (
        AUDIT.replace("summary: {en: a, es: b}", "summary: {en: a, es: b, fr: c}"),
        ["5:28 CRM004 summary.fr: 'fr' does not fit (use 'en' or 'es')"],
    ),
    "no header": (
        "SELECT 1\n",
        [*(f"1:1 CRM003 '{name}' is missing (add `{name}:`)" for name in
           ("id", "severity", "entity", "category", "summary", "why", "remedy")),
         "1:1 CRM060 a row has neither (system, object, id) nor key "
         "(correct the query; docs/audits.md has the tables)"],
    ),
}  # fmt: skip
