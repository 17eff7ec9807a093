"""Companies that share a domain: planted duplicates (M01), and innocent families beside them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from crmsync.sandbox.seeding.drafts import SYSTEMS, Company, Draft
from crmsync.sandbox.seeding.phones import number

_FAMILIES, _DUPLICATES, _DEFAULT_SIZE = 4, 3, 120


def scaled(how_many: int, size: int, default_size: int, available: int) -> int:
    """How many to plant: at least one, in proportion to the size, never more than available."""
    return min(available, max(1, round(how_many * size / default_size)))


def plant_companies(draft: Draft) -> None:
    """Makes some companies branches of others, and adds duplicates in one system each.

    The first duplicate of each system joins a family, whose branches stay innocent.
    """
    pool, size = list(draft.companies), len(draft.companies)
    draft.rng.shuffle(pool)
    parents = _make_families(draft, pool)
    for system in SYSTEMS:
        wanted = scaled(_DUPLICATES, size, _DEFAULT_SIZE, len(pool))
        originals = _take(parents, 1)
        originals += _take(pool, wanted - len(originals))
        for place, original in enumerate(originals):
            _duplicate(draft, original, system, on_subdomain=place % 3 == 1)
    for company in _take(pool, 2):
        _use_freemail(company)


def _take(pool: list[Company], how_many: int) -> list[Company]:
    return [pool.pop() for _ in range(min(how_many, len(pool)))]


def _make_families(draft: Draft, pool: list[Company]) -> list[Company]:
    """The parents of the new families, in both systems as their branches are."""
    wanted = scaled(_FAMILIES, len(pool), _DEFAULT_SIZE, len(pool) // 4)
    parents = _take(pool, wanted)
    for parent in parents:
        parent.systems, parent.same_domain = SYSTEMS, "family"
        for branch in _take(pool, draft.rng.randint(1, 2)):
            _open_branch(draft, branch, parent)
    return parents


def _open_branch(draft: Draft, branch: Company, parent: Company) -> None:
    branch.systems, branch.same_domain, branch.parent = SYSTEMS, "family", parent
    branch.domain, branch.country = parent.domain, parent.country
    branch.country_name = parent.country_name
    branch.city = draft.rng.choice(parent.country.cities)
    branch.phone = number(parent.country.code, branch.number * 3)
    branch.name = f"{parent.name} - {branch.city}"


def _duplicate(draft: Draft, original: Company, system: str, *, on_subdomain: bool) -> None:
    """Adds a second record of a company that only `system` holds."""
    original.systems = SYSTEMS
    original.same_domain = original.same_domain or "duplicate"
    original.duplicate_in = system
    legal_form = next(form for form in _longest_first(original) if original.name.endswith(form))
    copy = replace(
        original,
        number=len(draft.companies) + 1,
        name=original.name.removesuffix(legal_form).strip().upper(),
        shown_domain=f"tienda.{original.domain}" if on_subdomain else "",
        systems=(system,),
        same_domain="duplicate",
        parent=None,
        street="",
        created=original.created + timedelta(days=90),
        patches={},
        ids={},
    )
    draft.companies.append(copy)


def _longest_first(company: Company) -> list[str]:
    return [*sorted(company.country.legal_forms, key=len, reverse=True), ""]


def _use_freemail(company: Company) -> None:
    """Two companies of one system that gave a free-mail domain as theirs: dirty, no duplicate."""
    company.systems, company.same_domain = SYSTEMS[:1], "freemail"
    company.shown_domain = "gmail.com"
