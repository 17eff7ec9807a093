"""The engines that are compared: a name, and a function of a table of records.

An engine gets the records of one kind (see `people`, `firms`, `deals`, `sets`) and says which cluster a record is in;
a record that it does not name is alone. If it knows how probable pairs are, it says so. One more engine is one more
line of ENGINES.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from benchmarks.duplicates import own, rival_keys, rival_models, rival_rules


@dataclass(frozen=True, slots=True)
class Found:
    """What an engine found: the cluster of each id, and of the pairs that it scored how probable they are."""

    clusters: Mapping[str, Hashable]
    pairs: Mapping[tuple[str, str], float] = field(default_factory=dict)


Engine = Callable[[pa.Table], Found]


def _keys(find: Callable[[pa.Table], Mapping[str, Hashable]]) -> Engine:
    return lambda records: Found(find(records))


def _scored(
    find: Callable[[pa.Table], tuple[Mapping[str, Hashable], Mapping[tuple[str, str], float]]],
) -> Engine:
    return lambda records: Found(*find(records))


SURE = "sure"
"""What of crmsync's own groups is pre-selected; asked for by name, as the search is the same."""
ENGINES: Mapping[str, Mapping[str, Engine]] = {
    "people": {
        "e-mail": _keys(rival_keys.people),
        "rules": _keys(rival_rules.people),
        "splink": _scored(rival_models.people),
        "crmsync": _scored(own.people),
        SURE: _scored(own.sure_people),
    },
    "firms": {
        "domain": _keys(rival_keys.firms),
        "rules": _keys(rival_rules.firms),
        "splink": _scored(rival_models.firms),
        "crmsync": _scored(own.firms),
        SURE: _scored(own.sure_firms),
    },
    "deals": {
        "key": _keys(rival_keys.deals),
        "rules": _keys(rival_rules.deals),
        "crmsync": _scored(own.deals),
    },
    "febrl1": {"splink": _scored(rival_models.febrl), "crmsync": _scored(own.people)},
    "febrl2": {"splink": _scored(rival_models.febrl), "crmsync": _scored(own.people)},
    "historical": {"splink": _scored(rival_models.historical), "crmsync": _scored(own.people)},
}
"""By kind of records, then by name."""


def engine(kind: str, name: str) -> Engine:
    """The engine of that name for that kind; ValueError names those there are."""
    engines = ENGINES[kind]
    if name not in engines:
        raise ValueError(f"no engine {name!r} for {kind}; there are {_listed(engines)}")
    return engines[name]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
