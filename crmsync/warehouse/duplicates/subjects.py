"""The subjects that there are, by the name that a model gives."""

from __future__ import annotations

from collections.abc import Mapping

from crmsync.warehouse.duplicates.deals import DEALS
from crmsync.warehouse.duplicates.firms import FIRMS
from crmsync.warehouse.duplicates.persons import PERSONS
from crmsync.warehouse.duplicates.subject import Subject

SUBJECTS: Mapping[str, Subject] = {"person": PERSONS, "company": FIRMS, "deal": DEALS}
