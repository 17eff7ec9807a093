"""Companies of one country whose names differ by a letter or two: more than SQL can say in a line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from rapidfuzz.distance import DamerauLevenshtein

from crmsync.core.python_audits import Face, Row, audit

COMPANIES = """
SELECT system, object, id, country, company_norm(name) AS name FROM company
WHERE name IS NOT NULL AND country IS NOT NULL
"""


@audit(
    id="ACME1",
    severity="warning",
    entity="company",
    category="duplicates",
    summary={
        "en": "Companies whose names differ by a letter or two",
        "es": "Empresas cuyos nombres se diferencian en una o dos letras",
    },
    why={
        "en": "Somebody typed one of them wrong, and its deals are on two accounts.",
        "es": "Alguien escribió mal una de ellas y sus oportunidades quedan en dos cuentas.",
    },
    remedy={
        "en": "Compare them, and merge what is one.",
        "es": "Compárelas y fusione las que sean una.",
    },
    needs=["company.name", "company.country"],
    eligible="SELECT count(name) FROM company WHERE country IS NOT NULL",
    params={"letters": 2, "least": 8},
    profile="all",
)
def SPELT_ALIKE(face: Face) -> Iterator[Row]:  # noqa: N802  (it becomes an audit, which is a constant)
    """Each pair once: the second of it is the finding. Names shorter than `least` are too often alike by chance."""
    known: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in face.rows(COMPANIES):
        others = known[row["system"], row["country"]]
        twin = next((each for each in others if _are_alike(face, each, row["name"])), None)
        if twin is not None:
            yield {"system": row["system"], "object": row["object"], "id": row["id"],
                   "field": "name", "detail": f"{row['name']} / {twin}"}  # fmt: skip
        others.append(row["name"])


def _are_alike(face: Face, one: str, other: str) -> bool:
    if one == other or min(len(one), len(other)) < face.params["least"]:
        return False
    return DamerauLevenshtein.distance(one, other) <= face.params["letters"]
