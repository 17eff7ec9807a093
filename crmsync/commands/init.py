"""`crmsync init`: a workspace with comments, the reference set and no secret in it."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

from crmsync.commands.reference import copy_reference
from crmsync.errors import StoreFailed
from crmsync.language import _

_HEAD = """\
# A crmsync workspace. Check it with `crmsync lint`, then with `crmsync doctor`.
name: {name}            # part of every key: do not change it later
currency: {currency}
region: {region}
timezone: {timezone}
language: {language}

# Secrets are names in ${{...}}: set them in the environment or in .env (never here).
# NAME_WRITE, where it is set, is used instead of NAME for writing.
systems:
"""
_SYSTEMS = {
    "salesforce": """\
  salesforce:
    kind: salesforce
    url: ${SALESFORCE_URL}                      # https://mycompany.my.salesforce.com
    client_id: ${SALESFORCE_CLIENT_ID}          # External Client App, client credentials flow
    client_secret: ${SALESFORCE_CLIENT_SECRET}
""",
    "hubspot": """\
  hubspot:
    kind: hubspot
    token: ${HUBSPOT_TOKEN}                     # Service Key (or an existing private app token)
""",
}
_ENV = {
    "salesforce": "SALESFORCE_URL=\nSALESFORCE_CLIENT_ID=\nSALESFORCE_CLIENT_SECRET=\n",
    "hubspot": "HUBSPOT_TOKEN=\n",
}
_LIMITS = """
# What a plan may do before a person has to say so (docs/safety.md has the whole table).
limits:
  creates: {at_most: 50, share: 0.02}
  blanks: {at_most: 20, share: 0.005}
"""
_IGNORED = (
    ".crmsync/\n.env\n# plans and reports hold personal data\n*.jsonl\nreport*.html\nreport*.csv\n"
)


def init(
    folder: Path,
    *,
    systems: Sequence[str] = ("salesforce", "hubspot"),
    currency: str = "EUR",
    region: str = "ES",
    timezone: str = "Europe/Madrid",
    language: str = "en",
) -> list[Path]:
    """Writes a workspace; files that are there already stay. The files written, in order.

    StoreFailed if the folder cannot be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        head = _HEAD.format(
            name=_name(folder),
            currency=currency,
            region=region,
            timezone=timezone,
            language=language,
        )
        texts = {
            "crmsync.yml": head + "".join(_SYSTEMS[name] for name in systems) + _LIMITS,
            ".env.example": "".join(_ENV[name] for name in systems),
            ".gitignore": _IGNORED,
        }
        written = [path for name, text in texts.items() if (path := _written(folder / name, text))]
        return [*written, *copy_reference(folder)]
    except OSError as error:
        message = _("cannot write here: {reason}").format(reason=error.strerror or error)
        remedy = _("Choose another folder: crmsync init DIR")
        raise StoreFailed(message, where=str(folder), remedy=remedy) from error


def _name(folder: Path) -> str:
    return re.sub(r"[^a-z0-9]+", "-", folder.resolve().name.lower()).strip("-") or "workspace"


def _written(path: Path, text: str) -> Path | None:
    """Writes a file that is not there yet; None if it is."""
    try:
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644), "w") as file:
            file.write(text)
    except FileExistsError:
        return None
    return path
