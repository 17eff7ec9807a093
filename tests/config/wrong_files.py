"""Every way in which a file of a workspace can be wrong, by kind of file."""

from __future__ import annotations

from config.wrong_conditions import CONDITIONS
from config.wrong_duplicates import DUPLICATES
from config.wrong_mappings import MAPPINGS as FORMS
from config.wrong_projects import AUDITS, PROJECTS
from config.wrong_sources import SOURCES
from config.wrong_texts import AUDIT, MAPPING, PLACE, PROJECT, typed
from config.wrong_yaml import YAML

__all__ = ["AUDIT", "AUDITS", "MAPPING", "MAPPINGS", "PLACE", "PROJECT", "PROJECTS", "typed"]

MAPPINGS = FORMS | YAML | SOURCES | CONDITIONS | DUPLICATES
