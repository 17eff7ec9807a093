"""The verbs of the command line for Python: `crmsync.open(".").audit().to_pandas()`.

What a verb finds is a table. Personal data is masked as on the command line unless `unmask` is said.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crmsync.errors import CrmsyncError

if TYPE_CHECKING:
    import pyarrow as pa

    from crmsync.commands.workspace import Workspace
    from crmsync.core.extents import Wish

Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of one verb. `missing` names what they do not tell, with the reason: no row is no proof then."""

    arrow: pa.Table
    missing: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return int(self.arrow.num_rows)

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return list(self.arrow.column_names)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """Every row as a dict."""
        found: list[dict[str, Any]] = self.arrow.to_pylist()
        return found

    def to_pandas(self) -> Any:
        """The rows as a pandas DataFrame; CrmsyncError where pandas is not installed."""
        if find_spec("pandas") is None:
            remedy = "Install it: pip install pandas. Without it: .rows, or .arrow"
            raise CrmsyncError("pandas is not installed", remedy=remedy)
        return self.arrow.to_pandas()


@dataclass(frozen=True, slots=True)
class Client:
    """An open workspace. Nothing here writes to a CRM: `crmsync apply` does, with a plan that somebody reviewed."""

    workspace: Workspace

    def pull(self, *, system: str | None = None, full: bool = False) -> Table:
        """Reads every mapped object, or those of one system; one row an object with how many records it has."""
        from crmsync.commands.pull import pull

        wish: Wish = "full" if full else "auto"
        pulled = pull(self.workspace, only=system, wish=wish, tell=self.workspace.tell)
        manifests = [each.manifest for each in pulled.snapshots]
        rows = [
            {"system": m.system, "object": m.object, "rows": m.rows, "complete": m.complete}
            for m in manifests
        ]
        missing = {f"{m.system}/{m.object}": m.problem for m in manifests if not m.complete}
        kinds = {"system": "text", "object": "text", "rows": "number", "complete": "flag"}
        return _table(rows, kinds, missing)

    def audit(
        self,
        *,
        select: Collection[str] = (),
        profile: str = "essential",
        pull: bool = True,
        unmask: bool = False,
    ) -> Table:
        """Every finding of the audits, one a row. Reads the systems first, unless `pull` is False."""
        from crmsync.commands.audit import audit, chosen
        from crmsync.reports.rows import FINDING, finding_rows

        chosen(self.workspace.audits, select, profile)
        if pull:
            self.pull()
        facts = audit(self.workspace, select=select, profile=profile)
        missing = {r.audit.id: r.not_checked for r in facts.results if r.not_checked}
        return _table(finding_rows(facts, unmask=unmask), FINDING, missing)

    def roles(self, *, pull: bool = True, unmask: bool = False) -> Table:
        """Who may belong to deals that name nobody, one row a contact and deal, as `crmsync fix roles` says."""
        from crmsync.commands.fix import propose_roles
        from crmsync.language import current
        from crmsync.reports.roles_rows import PROPOSED, proposal_rows

        if pull:
            self.pull()
        report = propose_roles(self.workspace)
        missing = {f"{system} {what}": "not read" for system, what in report.figures.unread}
        return _table(proposal_rows(report, current(), unmask=unmask), PROPOSED, missing)

    def duplicates(
        self, entities: Sequence[str] = (), *, pull: bool = True, unmask: bool = False
    ) -> Table:
        """Pairs of records that may be one, one a row, as `crmsync fix duplicates` says; of some entities or of all."""
        from crmsync.commands.duplicates import Asked, find_duplicates
        from crmsync.language import current
        from crmsync.reports.duplicates_rows import PAIRED, pair_rows

        if pull:
            self.pull()
        report = find_duplicates(self.workspace, Asked(entities))
        return _table(pair_rows(report, current(), unmask=unmask), PAIRED, {})

    def plan(self, *, pull: bool = True, unmask: bool = False) -> Table:
        """What a sync would write, one row a value, and what it leaves to a person."""
        from crmsync.commands.plan import make_plan
        from crmsync.reports.rows import PLANNED, plan_rows

        if pull:
            self.pull()
        plan = make_plan(self.workspace)
        return _table(plan_rows(plan.lines, unmask=unmask), PLANNED, {})

    def view(self, entity: str | None = None, *, unmask: bool = False) -> Table:
        """All customers of an entity (contacts, unless another is named), one a row, over the last snapshots."""
        from crmsync.commands.view_table import open_view
        from crmsync.reports.view_rows import masked_rows

        with open_view(self.workspace, entity) as view:
            batches = view.batches if unmask else masked_rows(view.columns, view.batches)
            table = batches.read_all()
            missing = {} if view.complete else {view.entity: "a read broke off"}
        return Table(table, missing)

    def explain(
        self, who: str, field: str | None = None, *, unmask: bool = False
    ) -> list[dict[str, Any]]:
        """Why the values of every customer whom `who` names are what they are, as `crmsync explain --json` says."""
        from crmsync.commands.rendering import explanations_json
        from crmsync.commands.view import find_customers

        return explanations_json(find_customers(self.workspace, who), field, unmask=unmask)


def open_client(folder: str | Path, tell: Tell | None = None) -> Client:
    """The workspace of a folder; ConfigInvalid names every problem of its files at once."""
    from crmsync.commands.workspace import open_workspace

    workspace = open_workspace(Path(folder))
    return Client(workspace if tell is None else replace(workspace, tell=tell))


def _table(
    rows: Iterable[Mapping[str, Any]], kinds: Mapping[str, str], missing: Mapping[str, str]
) -> Table:
    """Rows as a table whose columns have the same types however few rows there are."""
    import pyarrow as pa

    types = {"text": pa.string(), "number": pa.int64(), "amount": pa.float64(), "flag": pa.bool_()}
    schema = pa.schema([(name, types[kind]) for name, kind in kinds.items()])
    return Table(pa.Table.from_pylist(list(rows), schema=schema), dict(missing))
