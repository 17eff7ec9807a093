"""People who look like somebody that they are not: what an honest set must hold, and a careless engine merges.

They are planted on people who stand side by side, so that a kind is one slice and nobody is of two kinds. How many
there are of each kind is known; the ones that chance makes (namesakes of common names) come on top.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

from benchmarks.duplicates.drawing import Ints, stream, words
from benchmarks.duplicates.given_names import CULTURES, GIVEN
from benchmarks.duplicates.persons import AT_WORK, PRIVATE, TEAM, Persons

Plant = Callable[[np.random.Generator, Persons, Ints], None]
"""Makes people look like the first of their group; a row is a group."""

_TEAMS = (
    "info",
    "ventas",
    "contacto",
    "admin",
    "compras",
    "sales",
    "comercial",
    "administracion",
    "contact",
    "rrhh",
)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of lookalikes: so many people of a hundred, in groups of so many, made so."""

    percent: float
    group: int
    plant: Plant


def _take(persons: Persons, people: Ints, *names: str) -> None:
    """Everybody of a group has what the first one has."""
    for name in names:
        column = getattr(persons, name)
        column[people] = column[people[:, :1]]


def _employ(persons: Persons, people: Ints) -> None:
    """Everybody of a group works where the first one works, and lives in that country."""
    first = people[:, 0]
    idle = persons.firm[first] < 0
    persons.firm[first] = np.where(idle, persons.next_firm[first], persons.firm[first])
    _take(persons, people, "firm", "country", "city")
    persons.reach[people] = AT_WORK


def _name_anew(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Given names of their own, no two of a group alike."""
    for row in people.tolist():
        taken: set[str] = set()
        for place in row:
            pool = GIVEN[CULTURES[persons.culture[place]], bool(persons.woman[place])]
            free = [name for name in pool[:25] if name not in taken]
            persons.given[place] = free[int(random.integers(len(free)) * random.random())]
            taken.add(persons.given[place])


def _team(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Colleagues who all give info@ or ventas@ of their firm."""
    _employ(persons, people)
    persons.team[people] = words(random, _TEAMS, len(people), 1.0)[:, None]
    persons.reach[people] = TEAM


def _couple(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Two who live together and read one private mailbox; half of them share a surname."""
    _take(persons, people, "culture", "country", "city", "house", "mailbox")
    _take(persons, people[::2], "last", "particle")
    persons.woman[people[:, 1]] = ~persons.woman[people[:, 0]]
    persons.reach[people] = PRIVATE
    _name_anew(random, persons, people)


def _family(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Brothers and sisters under one roof: one landline and no other number."""
    _take(persons, people, "culture", "country", "city", "house", "last", "particle", "mother")
    persons.alone[people] = True
    persons.firm[people] = -1
    persons.reach[people] = PRIVATE
    _name_anew(random, persons, people)


def _namesakes(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Two of one firm with the same names and first surname; the second one is the mothers'."""
    _employ(persons, people)
    _take(persons, people, "culture", "woman", "given", "second", "last", "particle")


def _father_and_son(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """The same name in one firm and one landline at home; each has a mobile and a mother of his own."""
    persons.woman[people] = False
    _name_anew(random, persons, people[:, :1])
    _employ(persons, people)
    _take(persons, people, "culture", "given", "second", "last", "particle", "house", "line")
    persons.year[people[:, 1]] = (persons.year[people[:, 0]] + 28) % 100


def _colleagues(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Two of one firm with one surname and different given names."""
    _employ(persons, people)
    _take(persons, people, "culture", "last", "particle")
    _name_anew(random, persons, people)


def _initials(random: np.random.Generator, persons: Persons, people: Ints) -> None:
    """Juan and Jorge García of one firm, who would have one address if it were built of initials."""
    _employ(persons, people)
    _take(persons, people, "culture", "woman", "last", "particle")
    for one, other in people.tolist():
        pool = GIVEN[CULTURES[persons.culture[one]], bool(persons.woman[one])]
        rows = [
            [name for name in pool if name[0] == letter] for letter in {each[0]: 0 for each in pool}
        ]
        several = [row for row in rows if len(row) > 1]
        persons.given[[one, other]] = random.choice(
            several[int(random.integers(len(several)))], 2, replace=False
        )


KINDS: Mapping[str, Kind] = {
    "a team's mailbox": Kind(0.9, 3, _team),
    "a couple's private mailbox": Kind(0.4, 2, _couple),
    "a family on one phone": Kind(1.0, 3, _family),
    "namesakes in one firm": Kind(0.4, 2, _namesakes),
    "father and son in one firm": Kind(0.2, 2, _father_and_son),
    "colleagues with one surname": Kind(0.8, 2, _colleagues),
    "twins of initials in one firm": Kind(0.4, 2, _initials),
}


def plant(persons: Persons, seed: int) -> dict[str, Ints]:
    """Changes people so that there are lookalikes; says of every kind who they are, group after group.

    Rows are groups, columns are people. There is at least one group of every kind, if there are people enough.
    """
    random = stream(seed, "lookalikes")
    planted, start = {}, 0
    for name, kind in KINDS.items():
        groups = max(1, round(len(persons) * kind.percent / 100 / kind.group))
        groups = min(groups, (len(persons) - start) // kind.group)
        people = start + np.arange(groups * kind.group).reshape(groups, kind.group)
        kind.plant(random, persons, people)
        planted[name] = people
        start += people.size
    return planted
