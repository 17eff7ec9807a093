"""`mappings/lifecycle.yml`: the lifecycle in it, and everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from pathlib import Path as FilePath

from crmsync.config.consequences import Complaint, Known
from crmsync.config.decode import Decoded, in_order, understand, unread
from crmsync.config.defects import or_defect
from crmsync.config.lines import Document, Path, read_yaml, text_of
from crmsync.config.project_checks import guess
from crmsync.core.lifecycle import DISPOSITIONS, OTHER, RANKS, STAGES, Derivation, Lifecycle
from crmsync.errors import Problem

LIFECYCLE = "lifecycle.yml"
_NEEDED = ("lead", "mql", "sql", "opportunity", "customer")
"""Without them no figure of two teams can be told."""


def mapping_paths(folder: FilePath) -> list[FilePath]:
    """The files of entities in a folder of mappings, sorted by name."""
    return sorted(path for path in folder.glob("*.yml") if path.name != LIFECYCLE)


def understand_lifecycle(folder: FilePath, systems: Collection[str]) -> Decoded[Lifecycle]:
    """The lifecycle of a folder of mappings as far as the workspace's own systems go; of no file, none."""
    file = f"{folder.name}/{LIFECYCLE}"
    path = folder / LIFECYCLE
    if not path.is_file():
        return Decoded(None, Document(file, None, {}), [])
    text = text_of(path, file)
    return or_defect(
        file,
        lambda: _understood(text, file, systems),
        lambda problem: unread(file, problem),
    )


def lifecycle_of(text: str, file: str, systems: Collection[str]) -> Decoded[Lifecycle]:
    """The lifecycle in a text, for some systems."""
    return _understood(text, file, systems)


def _understood(text: str | Problem, file: str, systems: Collection[str]) -> Decoded[Lifecycle]:
    document = text if isinstance(text, Problem) else read_yaml(text, file)
    if isinstance(document, Problem):
        return unread(file, document)
    found = understand(Lifecycle, document)
    if found.value is None:
        return found
    complaints = (each for check in CHECKS for each in check(found.value))
    problems = Known(found.document, found.lost).problems(complaints)
    kept = {name: each for name, each in found.value.systems.items() if name in systems}
    value = replace(found.value, systems=kept)
    return replace(found, value=value, problems=in_order([*found.problems, *problems]))


def _ladder(lifecycle: Lifecycle) -> Iterator[Complaint]:
    """Stages that there are, each on a rung of its own."""
    seen: dict[int, str] = {}
    for stage, rank in lifecycle.ladder.items():
        if stage not in RANKS:
            advice = guess(stage, STAGES, f"use some of {', '.join(STAGES)}")
            yield ("ladder", stage), "CRM074", f"ladder: unknown stage '{stage}'", advice
        elif rank < 1:
            yield ("ladder", stage), "CRM076", f"ladder: {stage} has rank {rank}", "write 1 or more"
        elif rank in seen:
            said = f"ladder: {stage} has the rank of {seen[rank]}"
            yield ("ladder", stage), "CRM076", said, "give every stage a rank of its own"
        seen.setdefault(rank, stage)
    for stage in _NEEDED:
        if stage not in lifecycle.ladder:
            advice = f"add `{stage}: {RANKS[stage]}`"
            yield ("ladder",), "CRM076", f"ladder: {stage} is missing", advice


def _stages(lifecycle: Lifecycle) -> Iterator[Complaint]:
    """Every place that names a stage names one of the ladder, or `other` where a value may mean that."""
    for path, stage, may_be_other in _named(lifecycle):
        known = [*lifecycle.in_order(), *([OTHER] if may_be_other else [])]
        if stage not in known:
            where = ".".join(str(step + 1) if isinstance(step, int) else step for step in path)
            advice = guess(stage, known, f"use one of {', '.join(known)}")
            yield path, "CRM074", f"{where}: unknown stage '{stage}'", advice


def _named(lifecycle: Lifecycle) -> Iterator[tuple[Path, str, bool]]:
    for stage in lifecycle.stage_owner:
        yield ("stage_owner", stage), stage, False
    for at, stage in enumerate(lifecycle.optional):
        yield ("optional", at), stage, False
    for at, each in enumerate(lifecycle.transitions):
        for key, stages in (("from", each.from_), ("to", each.to)):
            for place, stage in enumerate(stages):
                yield ("transitions", at, key, place), stage, True
    for system, derivation in lifecycle.systems.items():
        for path, stage, may_be_other in _of_system(derivation):
            yield ("systems", system, *path), stage, may_be_other


def _of_system(derivation: Derivation) -> Iterator[tuple[Path, str, bool]]:
    for key, values in (("stages", derivation.stages), ("statuses", derivation.statuses)):
        for native, stage in values.items():
            yield (key, native), stage, True
    for stage in derivation.dates:
        yield ("dates", stage), stage, False
    for key, stage in (("converted", derivation.converted), ("from_queue", derivation.from_queue)):
        if stage:
            yield (key,), stage, False


def _dispositions(lifecycle: Lifecycle) -> Iterator[Complaint]:
    for system, each in lifecycle.systems.items():
        for native, word in each.dispositions.items():
            if word not in DISPOSITIONS:
                path = ("systems", system, "dispositions", native)
                said = f"systems.{system}.dispositions: unknown disposition '{word}'"
                advice = guess(word, DISPOSITIONS, f"use one of {', '.join(DISPOSITIONS)}")
                yield path, "CRM075", said, advice


def _owners(lifecycle: Lifecycle) -> Iterator[Complaint]:
    """Who decides is a system that tells something: one that only this workspace lacks is in the file, too."""
    owners: list[tuple[Path, str]] = [
        (("stage_owner", stage), system) for stage, system in lifecycle.stage_owner.items()
    ]
    if lifecycle.disposition_owner:
        owners.append((("disposition_owner",), lifecycle.disposition_owner))
    known = list(lifecycle.systems)
    for path, system in owners:
        if system not in known:
            said = f"{path[0]}: nothing is said of a system '{system}' below"
            advice = guess(system, known, "add it to `systems:`, or name another one")
            yield path, "CRM077", said, advice


def _fields(lifecycle: Lifecycle) -> Iterator[Complaint]:
    """Values need the field that holds them."""
    for system, each in lifecycle.systems.items():
        for key, values, field in (
            ("stages", each.stages, each.stage),
            ("statuses", each.statuses, each.status),
            ("dispositions", each.dispositions, each.status),
        ):
            if values and not field:
                name = "stage" if key == "stages" else "status"
                said = f"systems.{system}: {key} without the field that holds them"
                yield ("systems", system, key), "CRM078", said, f"add `{name}: FIELD`"


def _minutes(lifecycle: Lifecycle) -> Iterator[Complaint]:
    if lifecycle.near_minutes < 0:
        said = f"near_minutes: {lifecycle.near_minutes} is less than nothing"
        yield ("near_minutes",), "CRM079", said, "write 0 or more"


CHECKS: Iterable[Callable[[Lifecycle], Iterator[Complaint]]] = (
    _ladder,
    _stages,
    _dispositions,
    _owners,
    _fields,
    _minutes,
)
"""What the file can get wrong beyond its form."""
