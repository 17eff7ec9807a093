"""A client's logo is carried in every report: a small picture, and whatever could do more is refused with its place."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from crmsync.config.logo import MOST, read_logo
from crmsync.errors import Problem
from crmsync.language import translate_said

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 50
DRAWING = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">\n'
    "{inside}</svg>"
)
GOOD = (
    '<defs><linearGradient id="a"/><style>.b { fill: url(#a); opacity: 0.5 }</style></defs>'
    '<use xlink:href="#a"/><rect class="b" width="9" height="9" style="fill:url(\'#a\')"/>'
)


def refused(folder: Path, content: bytes, name: str = "logo.svg") -> Problem:
    (folder / name).write_bytes(content)
    found = read_logo(folder, name)
    assert isinstance(found, Problem)
    return found


def drawing(inside: str) -> bytes:
    return DRAWING.format(inside=inside).encode()


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.png", PNG, "image/png"),
        ("b.jpg", JPEG, "image/jpeg"),
        ("c.svg", drawing(GOOD), "image/svg+xml"),
        ("misnamed.gif", PNG, "image/png"),
    ],
)
def test_a_picture_is_carried_as_it_is(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    found = read_logo(tmp_path, name)
    assert isinstance(found, str)
    head, _, body = found.partition(",")
    assert head == f"data:{kind};base64"
    assert b64decode(body) == content


HOSTILE = [
    ("<script>alert(1)</script>", "<script>"),
    ('<x:ScRiPt xmlns:x="http://www.w3.org/1999/xhtml">alert(1)</x:ScRiPt>', "<ScRiPt>"),
    ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
    ('<rect onload="alert(1)"/>', "onload"),
    ('<rect ONCLICK="alert(1)"/>', "onclick"),
    ('<a href="javascript:alert(1)"><rect/></a>', "outside"),
    ('<image xlink:href="https://evil.example/x.png"/>', "outside"),
    ('<image href="data:text/html,x"/>', "outside"),
    ('<image href="data:image/svg+xml,x"/>', "outside"),
    ('<use href="other.svg#a"/>', "outside"),
    ('<rect style="fill: url(https://evil.example/a)"/>', "style"),
    ("<rect fill=\"URL ( '//evil.example/a')\"/>", "style"),
    ("<style>@import 'https://evil.example/a.css';</style>", "style"),
    ("<style>rect { fill: ur\\6c(https://evil.example/a) }</style>", "style"),
    ("<style>rect { fill: u<!-- -->rl(https://evil.example/a) }</style>", "style"),
    ('<set attributeName="href" to="javascript:alert(1)"/>', "animates"),
    ('<animate attributeName="xlink:href" values="x"/>', "animates"),
    ("<?xml-stylesheet href='https://evil.example/a.css'?>", "processing instruction"),
]


@pytest.mark.parametrize(("inside", "said"), HOSTILE)
def test_an_svg_that_could_do_something_is_refused_where_it_does(
    tmp_path: Path, inside: str, said: str
) -> None:
    problem = refused(tmp_path, drawing(f"<g/>\n  {inside}"))
    assert said in problem.message
    assert (problem.file, problem.line) == ("logo.svg", 4)
    assert problem.column >= 3
    assert problem.remedy


def test_what_is_declared_before_the_drawing_is_refused(tmp_path: Path) -> None:
    doctype = b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + drawing("").partition(b"\n")[2]
    assert "document type" in refused(tmp_path, doctype).message
    utf_16 = drawing("").replace(b"UTF-8", b"UTF-16")
    assert "UTF-8" in refused(tmp_path, utf_16).message


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<html/>", b"<svg/>", drawing("<g>"), b"\xff\xfe<\x00s\x00"]
)
def test_what_is_no_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    assert refused(tmp_path, content).code == "CRM138"


def test_a_logo_is_small(tmp_path: Path) -> None:
    assert str(MOST) in refused(tmp_path, PNG + b"0" * MOST).message
    (tmp_path / "fits.png").write_bytes(PNG.ljust(MOST, b"0"))
    assert isinstance(read_logo(tmp_path, "fits.png"), str)


def test_a_logo_is_beside_the_files_it_belongs_to(tmp_path: Path) -> None:
    (tmp_path / "outside.png").write_bytes(PNG)
    home = tmp_path / "home"
    home.mkdir()
    (home / "link.png").symlink_to(tmp_path / "outside.png")
    for name in ("../outside.png", str(tmp_path / "outside.png"), "link.png"):
        found = read_logo(home, name)
        assert isinstance(found, Problem)
        assert "outside" in found.message
    gone = read_logo(home, "gone.png")
    assert isinstance(gone, Problem)
    assert "cannot be read" in gone.message


def test_a_spaniard_reads_why_in_spanish(tmp_path: Path) -> None:
    for inside, _ in HOSTILE:
        problem = refused(tmp_path, drawing(inside))
        assert translate_said(problem.message, "es").startswith("este logo")
        assert translate_said(problem.remedy, "es") != problem.remedy
