"""Fields that Salesforce works out from others of the same record, recomputed at each save."""

from __future__ import annotations

from collections.abc import Callable

from crmsync.sandbox.salesforce.schema.picklists import STAGES, UNDECLARED_STAGE
from crmsync.sandbox.tables import Row

Derive = Callable[[Row, Row], None]


def derive(name: str, before: Row, row: Row) -> None:
    """Brings the worked-out fields of `row` up to date; `before` is what was saved, {} if new."""
    step = _BY_OBJECT.get(name)
    if step is not None:
        step(before, row)


def _person_name(before: Row, row: Row) -> None:
    # Salutation is no part of Name.
    parts = [row[part] for part in ("FirstName", "LastName") if row.get(part)]
    row["Name"] = " ".join(parts) or row.get("Name")


def _contact(before: Row, row: Row) -> None:
    _person_name(before, row)
    bounced = row.get("EmailBouncedReason") or row.get("EmailBouncedDate")
    row["IsEmailBounced"] = bool(bounced)


def _opportunity(before: Row, row: Row) -> None:
    _stage(before, row)
    amount = row.get("Amount")
    share = (row.get("Probability") or 0) / 100
    row["ExpectedRevenue"] = None if amount is None else round(amount * share, 2)
    year, quarter = _fiscal(row.get("CloseDate"))
    row["FiscalYear"], row["FiscalQuarter"] = year, quarter
    row["Fiscal"] = f"{year} {quarter}" if year else None


def _fiscal(close_date: str | None) -> tuple[int | None, int | None]:
    """Year and quarter of a date; the fiscal year is the calendar's."""
    if close_date is None:
        return None, None
    return int(close_date[:4]), (int(close_date[5:7]) + 2) // 3


def _stage(before: Row, row: Row) -> None:
    """A new stage sets probability and forecast, unless the same write sets those itself."""
    stage = STAGES.get(row.get("StageName") or "", UNDECLARED_STAGE)
    row["IsClosed"], row["IsWon"] = stage.is_closed, stage.is_won
    moved = before.get("StageName") != row.get("StageName")
    for field, value in (
        ("Probability", stage.probability),
        ("ForecastCategoryName", stage.forecast_name),
    ):
        untouched = row.get(field) == before.get(field)
        if row.get(field) is None or (moved and untouched):
            row[field] = value
    row["ForecastCategory"] = _CATEGORY_OF.get(row["ForecastCategoryName"], stage.forecast_category)
    if moved and before:
        row["LastStageChangeDate"] = row.get("LastModifiedDate")


def _case(before: Row, row: Row) -> None:
    """A closed status closes a case, and another one opens it again."""
    row["IsClosed"] = row.get("Status") == "Closed"
    if not row["IsClosed"]:
        row["ClosedDate"] = None
    elif not before.get("IsClosed"):
        row["ClosedDate"] = row.get("LastModifiedDate")


_CATEGORY_OF = {
    "Omitted": "Omitted",
    "Pipeline": "Pipeline",
    "Best Case": "BestCase",
    "Commit": "Forecast",
    "Closed": "Closed",
}
_BY_OBJECT: dict[str, Derive] = {
    "Case": _case,
    "Contact": _contact,
    "Lead": _person_name,
    "User": _person_name,
    "Opportunity": _opportunity,
}
