"""Accepted merges as lists for the tools that carry them out: crmsync itself merges nothing.

| list | for | of each record |
|---|---|---|
| hubspot | an import of HubSpot that updates records by their Record ID | its group, and whether it stays |
| dataloader | an update by Salesforce's Data Loader | the same |
| insycle | Insycle's import, and its Merge Duplicates over the two fields | the same |
| demandtools | DemandTools' Dedupe, Import File | the id that stays and the one that goes, a row a pair |

Neither an import of HubSpot nor Data Loader can merge: they write which group a record is of, and which one stays, into
two fields that somebody makes first; people, or a tool that groups by a field, merge by these. A group is called by the
id of the record that stays. Sources, read 2026-11: knowledge.validity.com, Dedupe (winner and duplicate ids as a
source); support.insycle.com, Module Overview: Merge Duplicates (groups by any field, master by a field's value);
developer.salesforce.com, merge() (accounts, contacts and leads, three at a time). Salesforce merges no opportunities.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from crmsync.core.duplicate_groups import Merge
from crmsync.errors import CrmsyncError
from crmsync.reports.as_csv import disarmed
from crmsync.reports.duplicates_words import DuplicateReport

_SALESFORCE = ("Account", "Contact", "Lead", "Opportunity")
_HUBSPOT = ("companies", "contacts", "deals")


@dataclass(frozen=True, slots=True)
class MergeList:
    """A list of merges: the objects it is for, its columns, and the rows of one merge."""

    objects: tuple[str, ...]
    columns: tuple[str, ...]
    rows: Callable[[Merge], list[list[str]]]


def _marked(yes: str, no: str) -> Callable[[Merge], list[list[str]]]:
    def rows(merge: Merge) -> list[list[str]]:
        group = merge.survivor.id
        return [[group, group, yes], *([each.id, group, no] for each in merge.losers)]

    return rows


def _paired(merge: Merge) -> list[list[str]]:
    return [[merge.survivor.id, each.id] for each in merge.losers]


_BY_RECORD_ID = ("Record ID", "Duplicate group", "Duplicate survivor")
LISTS: Mapping[str, MergeList] = {
    "hubspot": MergeList(_HUBSPOT, _BY_RECORD_ID, _marked("Yes", "No")),
    "insycle": MergeList(_HUBSPOT + _SALESFORCE, _BY_RECORD_ID, _marked("Yes", "No")),
    "dataloader": MergeList(
        _SALESFORCE,
        ("Id", "Duplicate_Group__c", "Duplicate_Survivor__c"),
        _marked("TRUE", "FALSE"),
    ),
    "demandtools": MergeList(_SALESFORCE + _HUBSPOT, ("Winner ID", "Duplicate ID"), _paired),
}


def _merges(report: DuplicateReport) -> Iterator[Merge]:
    for group in report.groups:
        yield from group.merges()


def lists_of(report: DuplicateReport) -> list[tuple[str, str, str]]:
    """(list, system, object) of every list that has a row, sorted."""
    places = {(each.survivor.system, each.survivor.object) for each in _merges(report)}
    return sorted(
        (name, system, object_)
        for name, shape in LISTS.items()
        for system, object_ in places
        if object_ in shape.objects
    )


def list_rows(report: DuplicateReport, name: str, system: str, object_: str) -> list[list[str]]:
    """The rows of one list for one object of a system, ids as their systems give them."""
    return [
        row
        for merge in _merges(report)
        if (merge.survivor.system, merge.survivor.object) == (system, object_)
        for row in LISTS[name].rows(merge)
    ]


_ID = re.compile(r"[=+\-@]?[\w-]+")


def _harmless(cell: str) -> str:
    """An id of letters, figures and hyphens as it is, for it has to be found again; else no spreadsheet runs the cell.

    A formula without brackets, quotes and signs calls nothing: -A7 and +34600 are a reference and a number at most.
    """
    return cell if _ID.fullmatch(cell) else disarmed(cell)


def place_of(name: str, places: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """The one object that a list is about; CrmsyncError if there are several, or none that the list is for."""
    fitting = sorted({place for place in places if place[1] in LISTS[name].objects})
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        told = ", ".join(f"{system} {object_}" for system, object_ in fitting)
        remedy = "choose one: --system and --object"
        raise CrmsyncError(
            f"a list is for one object of one system, and these are {told}", remedy=remedy
        )
    remedy = f"it is for {', '.join(LISTS[name].objects)}: see what there is with --format text"
    raise CrmsyncError(f"nothing to merge that a list for {name} could hold", remedy=remedy)


def list_csv(report: DuplicateReport, name: str) -> str:
    """An accepted list as CSV with commas in whatever language, and no byte order mark: a program reads it.

    HubSpot's import, Data Loader, Insycle and DemandTools match records by the text of the id: an apostrophe before it
    would be part of it.
    """
    places = [(each.survivor.system, each.survivor.object) for each in _merges(report)]
    system, object_ = place_of(name, places)
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow(LISTS[name].columns)
    rows = list_rows(report, name, system, object_)
    writer.writerows([[_harmless(cell) for cell in row] for row in rows])
    return file.getvalue()
