"""Where a benchmark happens: two served CRMs, and a workspace in a folder of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measuring import Failed, Ran, run

Access = Mapping[str, Mapping[str, str]]

# A first plan over invented customers does more than limits allow on an ordinary night.
_PROJECT = """\
name: benchmark
currency: EUR
region: ES
timezone: Europe/Madrid
systems:
  salesforce: {{kind: salesforce, url: "{salesforce}", token: "${{SALESFORCE_TOKEN}}"}}
  hubspot: {{kind: hubspot, url: "{hubspot}", token: "${{HUBSPOT_TOKEN}}"}}
limits:
  creates: {{at_most: 1000000}}
  rewrites: {{at_most: 1000000}}
  regressions: {{at_most: 1000000}}
  collapses: {{at_most: 1000000}}
"""
# The reference mappings create nothing by themselves.
_CREATES = {
    "contact": "{when: {email: present, last_name: present}}",
    "company": "{when: {name: present, domain: present}}",
}


@dataclass(frozen=True, slots=True)
class Size:
    """How many people, companies and deals are invented; each CRM holds about as many records."""

    contacts: int

    @property
    def companies(self) -> int:
        """A company for every five people."""
        return self.contacts // 5

    @property
    def deals(self) -> int:
        """A deal for every five people."""
        return self.contacts // 5


@dataclass(frozen=True, slots=True)
class Workplace:
    """A workspace on disk and the access to its systems."""

    folder: Path
    access: Access

    def crmsync(self, *arguments: str) -> Ran:
        """One command in a process of its own."""
        return run([sys.executable, "-m", "crmsync", *arguments], self.folder, self._tokens())

    def module(self, name: str, *arguments: str) -> Ran:
        """A module of the benchmarks in a process of its own."""
        return run([sys.executable, "-m", name, *arguments], _home(), self._tokens())

    def _tokens(self) -> dict[str, str]:
        return {f"{name.upper()}_TOKEN": each["token"] for name, each in self.access.items()}

    def bare(self, system: str) -> Ran:
        """The yardstick over one system, in a process of its own."""
        there = self.access[system]
        state = str(self.folder / ".crmsync")
        module = [sys.executable, "-m", "benchmarks.bare"]
        return run([*module, system, there["url"], there["token"], state], _home())


def _home() -> Path:
    return Path(__file__).resolve().parent.parent


@contextmanager
def serving(size: Size, clones: int = 0, system: str = "salesforce") -> Iterator[Access]:
    """Both simulated CRMs, filled, while the block runs; with `clones` that system has so many contacts."""
    numbers = [str(number) for number in (size.contacts, size.companies, size.deals, clones)]
    command: Sequence[str] = [sys.executable, "-m", "benchmarks.serving", *numbers, system]
    server = subprocess.Popen(command, cwd=_home(), stdout=subprocess.PIPE)
    try:
        line = server.stdout.readline() if server.stdout else b""
        if not line:
            raise Failed("the simulated CRMs did not start")
        yield json.loads(line)
    finally:
        server.terminate()
        server.wait()


def furnish(folder: Path, access: Access) -> Workplace:
    """A workspace with the reference mappings, which may create records."""
    urls = {name: each["url"] for name, each in access.items()}
    (folder / "crmsync.yml").write_text(_PROJECT.format(**urls), encoding="utf-8")
    workplace = Workplace(folder, access)
    workplace.crmsync("init", str(folder), "--yes")
    for name, condition in _CREATES.items():
        path = folder / "mappings" / f"{name}.yml"
        text = path.read_text(encoding="utf-8")
        path.write_text(text.replace("create: ask", f"create: {condition}"), encoding="utf-8")
    return workplace
