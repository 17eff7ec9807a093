"""Ten of the audits as a script in pandas over the same Parquet: what somebody writes who has no crmsync.

It reads columns as they came, knows both systems by heart, and forgives nothing: no picklists, no spellings, no other
systems. That is the yardstick of speed, and an independent count of the same findings.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_READ = {
    "Contact": ("salesforce", ["_id", "Email", "FirstName", "LastName", "AccountId", "HasOptedOutOfEmail"]),
    "Lead": ("salesforce", ["_id", "Email", "FirstName", "LastName", "HasOptedOutOfEmail"]),
    "Account": ("salesforce", ["_id", "Website", "ParentId"]),
    "Opportunity": ("salesforce", ["_id", "AccountId", "IsWon"]),
    "_associations.Opportunity.Contact": ("salesforce", ["from_id", "role"]),
    "contacts": (
        "hubspot",
        [
            *("_id", "email", "firstname", "lastname", "associatedcompanyid", "hs_email_optout"),
            *("lifecyclestage", "salesforcecontactid", "salesforceleadid"),
        ],
    ),
    "companies": ("hubspot", ["_id", "domain"]),
    "deals": ("hubspot", ["_id", "hs_is_closed_won"]),
    "_associations.deals.contacts": ("hubspot", ["from_id"]),
    "_associations.deals.companies": ("hubspot", ["from_id"]),
}  # fmt: skip
Frames = Mapping[str, "pd.DataFrame"]


def counted(folder: Path) -> dict[str, Any]:
    """Findings by audit, and the seconds of reading and counting."""
    import pandas  # noqa: F401  (its import is not what is measured)

    began = time.perf_counter()
    frames = {name: _frame(folder, *place) for name, place in _places().items()}
    counts = {name: int(check(frames)) for name, check in CHECKS.items()}
    return {"counts": counts, "seconds": time.perf_counter() - began}


def _places() -> dict[str, tuple[str, str, list[str]]]:
    return {name: (system, name, columns) for name, (system, columns) in _READ.items()}


def _frame(folder: Path, system: str, name: str, columns: list[str]) -> pd.DataFrame:
    import pandas as pd

    home = folder / ".crmsync" / "snapshots" / system / name
    newest = sorted(home.iterdir())[-1]
    parts = sorted(newest.glob("*.parquet"))
    return pd.concat([pd.read_parquet(part, columns=columns) for part in parts])


def _people(frames: Frames) -> list[pd.DataFrame]:
    """People of each object under the same names."""
    names = {"Email": "email", "FirstName": "firstname", "LastName": "lastname"}
    return [frames[name].rename(columns=names) for name in ("Contact", "Lead", "contacts")]


def _without_email(frames: Frames) -> int:
    return sum(each["email"].isna().sum() for each in _people(frames))


def _shared_email(frames: Frames) -> int:
    found = 0
    for each in _people(frames):
        email = each["email"].dropna().str.strip().str.lower()
        found += int(email.duplicated(keep=False).sum())
    return found


def _nameless(frames: Frames) -> int:
    return sum(
        (each["firstname"].isna() & each["lastname"].isna()).sum() for each in _people(frames)
    )


def _without_company(frames: Frames) -> int:
    at = frames["Contact"]
    there = frames["contacts"]
    of_leads = there["salesforceleadid"].notna()
    missing = there["associatedcompanyid"].isna() & there["email"].notna() & ~of_leads
    return int((at["AccountId"].isna() & at["Email"].notna()).sum() + missing.sum())


def _won_without_role(frames: Frames) -> int:
    roles, ties = (
        frames["_associations.Opportunity.Contact"],
        frames["_associations.deals.contacts"],
    )
    named = roles.loc[roles["role"].notna(), "from_id"]
    one, other = frames["Opportunity"], frames["deals"]
    won = (one["IsWon"] == "true") & ~one["_id"].isin(named)
    return int(
        won.sum()
        + ((other["hs_is_closed_won"] == "true") & ~other["_id"].isin(ties["from_id"])).sum()
    )


def _without_account(frames: Frames) -> int:
    tied = frames["_associations.deals.companies"]["from_id"]
    return int(
        frames["Opportunity"]["AccountId"].isna().sum() + (~frames["deals"]["_id"].isin(tied)).sum()
    )


def _hosts(website: pd.Series[str]) -> pd.Series[str]:
    return website.str.lower().str.replace(r"^https?://(www\.)?", "", regex=True)


def _shared_domain(frames: Frames) -> int:
    one = _hosts(frames["Account"]["Website"].dropna())
    other = _hosts(frames["companies"]["domain"].dropna())
    return int(one.duplicated(keep=False).sum() + other.duplicated(keep=False).sum())


def _without_domain(frames: Frames) -> int:
    return int(
        frames["Account"]["Website"].isna().sum() + frames["companies"]["domain"].isna().sum()
    )


def _opted_out_once(frames: Frames) -> int:
    there = frames["contacts"]
    linked = there["salesforcecontactid"].fillna(there["salesforceleadid"])
    here = {
        name: frames[name].set_index("_id")["HasOptedOutOfEmail"] for name in ("Contact", "Lead")
    }
    said = linked.map(here["Contact"]).fillna(linked.map(here["Lead"]))
    both = said.notna()
    return int(((said == "true") != (there["hs_email_optout"] == "true"))[both].sum())


def _stageless(frames: Frames) -> int:
    return int(frames["contacts"]["lifecyclestage"].isna().sum())


CHECKS: Mapping[str, Callable[[Frames], int]] = {
    "C01": _without_email,
    "C05": _shared_email,
    "C09": _nameless,
    "C15": _without_company,
    "D06": _won_without_role,
    "D10": _without_account,
    "G02": _opted_out_once,
    "L04": _stageless,
    "M01": _shared_domain,
    "M03": _without_domain,
}
