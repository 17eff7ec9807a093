"""No file holds a machine's path, a secret, somebody's address or the host of a private registry."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from warehouse.shelf import ROOT

TEXT = {
    ".py",
    ".md",
    ".yml",
    ".yaml",
    ".sql",
    ".toml",
    ".txt",
    ".j2",
    ".po",
    ".ambr",
    ".cfg",
    ".ini",
    ".sh",
    "",
}
NAMES = ["git", "-C", str(ROOT), "ls-files", "--cached", "--others", "--exclude-standard"]


def files() -> list[Path]:
    """Every text that would be committed."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout: there is no list of files")
    shown = subprocess.run(NAMES, capture_output=True, text=True, check=True).stdout.splitlines()
    paths = [ROOT / name for name in shown]
    return [path for path in paths if path.suffix in TEXT and path.is_file()]


@pytest.fixture(scope="module")
def texts() -> dict[str, str]:
    """Texts by their path. This file names what it looks for, so it is not one of them."""
    others = [path for path in files() if path != Path(__file__).resolve()]
    return {
        str(p.relative_to(ROOT)): p.read_text(encoding="utf-8", errors="replace") for p in others
    }


def found(texts: dict[str, str], pattern: str, *, but: str = r"(?!)") -> list[str]:
    """`file:line: match` of everything that matches and is not excused."""
    wanted, excused = re.compile(pattern), re.compile(but)
    return [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name, text in texts.items()
        for match in wanted.finditer(text)
        if not excused.search(match.group())
    ]


def test_there_is_something_to_look_at(texts: dict[str, str]) -> None:
    assert {"README.md", "pyproject.toml", "crmsync/errors.py"} <= set(texts)


HOMES = "|".join(
    (*(f"/{name}/" for name in ("work", "root")), "/home/[a-z]", "/Users/", r"C:\\Users")
)


def test_no_path_of_a_machine(texts: dict[str, str]) -> None:
    assert not found(texts, rf"(?<![\w.])(?:{HOMES})[\w.-]*")


SECRETS = {
    "a HubSpot token": r"pat-(?:na|eu|ap)\d-[0-9a-f]{8}-[0-9a-f-]{20,}",
    "a Salesforce session": r"00D[0-9A-Za-z]{12,15}![0-9A-Za-z._]{60,}",
    "an AWS key": r"AKIA[0-9A-Z]{16}",
    "a GitHub token": r"gh[pousr]_[0-9A-Za-z]{30,}",
    "a Slack token": r"xox[abprs]-[0-9A-Za-z-]{10,}",
    "a private key": "-----BEGIN (?:RSA |EC |OPENSSH )?PRIVATE KEY-----",
    "a JSON web token": r"eyJ[0-9A-Za-z_-]{20,}\.eyJ[0-9A-Za-z_-]{20,}\.",
}


INVENTED = "0000-1111-2222"
"""What every token of a test has in it, so that it cannot be taken for a real one."""


@pytest.mark.parametrize("kind", SECRETS)
def test_no_secret(texts: dict[str, str], kind: str) -> None:
    assert not found(texts, SECRETS[kind], but=INVENTED)


# Reserved for documentation and tests: RFC 2606 and RFC 6761.
RESERVED = r"(?i)@(?:[\w-]+\.)*(?:example|test|invalid|localhost|example\.(?:com|org|net))$"
CODE = r"@(?:pytest|click|settings|given|dataclass|contextmanager|cache)\."
# Free-mail and role addresses that a test or the generator is about are marked by where they stand.
ABOUT_ADDRESSES = (
    "audits/C",
    "crmsync/sandbox/seeding/",
    "crmsync/warehouse/wording",
    "tests/core/",
    "tests/connectors/",
    "tests/sandbox/",
    "tests/reports/",
    "tests/warehouse/test_words",
)


def test_no_address_of_a_person(texts: dict[str, str]) -> None:
    shown = {name: text for name, text in texts.items() if not name.startswith(ABOUT_ADDRESSES)}
    address = (
        r"(?<![\w/])[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}(?![\w(])"
    )
    assert not found(shown, address, but=f"{RESERVED}|{CODE}")


def test_no_host_of_a_registry(texts: dict[str, str]) -> None:
    options = r"--(?:extra-)?index-url|--find-links|--trusted-host"
    hosts = rf"(?i)(?:{options})\b|https?://[\w.:-]*(?:artifactory|nexus|pypi|registry)[\w.:-]*"
    assert not found(texts, hosts, but=r"https://pypi\.org")


def test_no_file_is_larger_than_a_reader_wants() -> None:
    large = [path.name for path in files() if path.stat().st_size > 400_000]
    assert not large
