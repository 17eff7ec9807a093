"""When and how a record went, in a few words."""

from __future__ import annotations

from crmsync.core.absences import Absence
from crmsync.language import translate
from crmsync.reports.cleaning import clean
from crmsync.reports.numbers import day_text


def absence_text(absence: Absence, language: str) -> str:
    """`deleted on 20 November 2026`; `not there when last read` where nobody said more."""
    if not absence.at:
        return _undated(absence, language)
    when = day_text(absence.at, language)
    if absence.into:
        into = clean(absence.into, 40)
        return translate("merged into {into} on {when}", language).format(into=into, when=when)
    return translate("deleted on {when}", language).format(when=when)


def _undated(absence: Absence, language: str) -> str:
    if absence.into:
        return translate("merged into {into}", language).format(into=clean(absence.into, 40))
    return translate("not there when last read", language)
