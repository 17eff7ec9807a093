"""The mapping dossier as one HTML file: no script, nothing loaded, made to be read, printed and signed."""

from __future__ import annotations

from typing import Any

from crmsync.language import translate
from crmsync.reports.dossier import Dossier
from crmsync.reports.dossier_page import pages
from crmsync.reports.html import environment


def dossier_html(dossier: Dossier, language: str) -> str:
    """The whole dossier as one HTML document in `en` or `es`."""

    def in_language(message: str, **values: object) -> str:
        text = translate(message, language)
        return text.format(**values) if values else text

    shown: dict[str, Any] = {"_": in_language, "page": pages(dossier, language)}
    return environment().get_template("dossier.html.j2").render(**shown)
