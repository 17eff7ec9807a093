"""The client's logo: a small picture that a report can carry inside it, and that can do nothing.

A page shows it as a picture, where no browser runs or loads anything of it. An SVG that could do so elsewhere is
refused all the same: the file may be opened by itself.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import NoReturn
from xml.parsers import expat

from crmsync.errors import Problem

MOST = 100_000
"""Bytes a logo may have: it is in every report."""
CODE = "CRM138"
_SVG = "http://www.w3.org/2000/svg"
_SIGNATURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}
_ACTIVE = frozenset(
    (
        *("script", "foreignobject", "iframe", "embed", "object", "audio", "video", "handler"),
        *("listener", "link"),
    )
)
_LINKS = ("href", "src")
_HARMLESS = re.compile(r"\s*(#|data:image/(png|jpeg)[;,])", re.IGNORECASE)
_STYLE_LOADS = re.compile(
    r"url\s*+\(\s*+[\"']?+\s*+(?!#|data:image/(?:png|jpeg))|@import|\\", re.IGNORECASE
)
_LOADS = "this logo has a style that loads something"
_REMEDY = "export it anew as a plain SVG without scripts and links, or use a PNG"


class _Unfit(Exception):
    """What is wrong with a picture, in which line and column, and what helps."""

    def __init__(self, message: str, remedy: str, line: int = 0, column: int = 0) -> None:
        super().__init__(message)
        self.message, self.remedy, self.line, self.column = message, remedy, line, column


def read_logo(root: Path, name: str) -> str | Problem:
    """The picture as a data: address, or what is wrong with it; `name` is a file inside the workspace."""
    try:
        content = _content(root, name)
        kind = _kind(content)
    except _Unfit as unfit:
        return Problem(name, unfit.line, unfit.column, CODE, unfit.message, unfit.remedy)
    return f"data:{kind};base64,{b64encode(content).decode()}"


def _content(root: Path, name: str) -> bytes:
    home = root.resolve()
    file = (home / name).resolve()
    if not file.is_relative_to(home):
        raise _Unfit("this logo is outside the workspace", "copy it beside crmsync.yml")
    try:
        size = file.stat().st_size
        if size > MOST:
            message = f"this logo has {size} bytes; {MOST} are the limit"
            raise _Unfit(message, "save it smaller: a few hundred pixels are enough")
        return file.read_bytes()
    except OSError as error:
        message = f"this logo cannot be read: {error.strerror}"
        raise _Unfit(message, "correct `report: logo:` in crmsync.yml") from error


def _kind(content: bytes) -> str:
    """The media type, by what the file holds and not by what it is called."""
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            return kind
    _check_svg(content)
    return "image/svg+xml"


def _check_svg(content: bytes) -> None:
    """Raises _Unfit with line and column for anything but a drawing."""
    parser = expat.ParserCreate("utf-8", " ")
    watch = _Watch(parser)
    parser.StartElementHandler = watch.element
    parser.EndElementHandler = watch.ended
    parser.CharacterDataHandler = watch.text
    parser.StartDoctypeDeclHandler = watch.declared
    parser.ProcessingInstructionHandler = watch.instructed
    parser.XmlDeclHandler = watch.encoded
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        message = "this logo is no PNG, JPEG or SVG"
        raise _Unfit(message, "save it as one of these", error.lineno, error.offset + 1) from error


class _Watch:
    """Refuses whatever a drawing does not need, where it stands."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._is_first = True
        self._texts: list[str] = []
        self._begun = (0, 0)

    def _here(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber + 1

    def _refuse(self, message: str, remedy: str = _REMEDY) -> NoReturn:
        raise _Unfit(message, remedy, *self._here())

    def element(self, name: str, attributes: Mapping[str, str]) -> None:
        """One element with its attributes."""
        self.ended()
        if self._is_first and name != f"{_SVG} svg":
            self._refuse("there is no drawing in this logo", "save it as PNG, JPEG or SVG")
        self._is_first = False
        local = name.rpartition(" ")[2]
        if local.lower() in _ACTIVE:
            self._refuse(f"this logo has an element <{local[:40]}>")
        for key, value in attributes.items():
            self._attribute(key.rpartition(" ")[2].lower(), value)

    def _attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            self._refuse(f"this logo has an event handler, {key[:40]}")
        if key in _LINKS and not _HARMLESS.match(value):
            self._refuse("this logo links to something outside of it")
        target = value.strip().lower().rpartition(":")[2]
        if key == "attributename" and (target in _LINKS or target.startswith("on")):
            self._refuse("this logo animates a link")
        if _STYLE_LOADS.search(value):
            self._refuse(_LOADS)

    def text(self, text: str) -> None:
        """A piece of text; comments may stand between two of them."""
        self._begun = self._begun if self._texts else self._here()
        self._texts.append(text)

    def ended(self, _name: str = "") -> None:
        """The end of a text: a style may load things."""
        text = "".join(self._texts)
        self._texts = []
        if _STYLE_LOADS.search(text):
            raise _Unfit(_LOADS, _REMEDY, *self._begun)

    def declared(self, *_: object) -> None:
        """A document type, which may name files and entities."""
        self._refuse("this logo has a document type", "delete what begins with <!DOCTYPE")

    def instructed(self, *_: object) -> None:
        """A processing instruction, such as a style sheet."""
        self._refuse(
            "this logo has a processing instruction",
            "delete what begins with <? after the first line",
        )

    def encoded(self, _version: str, encoding: str | None, _alone: int) -> None:
        """The declared encoding: browsers must read what was read here."""
        if encoding and encoding.lower() not in ("utf-8", "us-ascii", "ascii"):
            self._refuse("this logo is not in UTF-8", "save it in UTF-8")
