"""
The manifest on paper: A4 pages for a van at five in the morning, set by typst.

What the sheet says goes to the template as data, never as markup, so a name can break nothing.
Only the fonts inside typst are used and nothing is fetched: any machine sets the same pages. A sign
that these fonts lack is printed as ``□``, and the print says so.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from functools import cache

from api.papers.press import TEMPLATE_FOLDER
from api.papers.qr import qr_svg
from api.papers.sheet import Sheet
from api.papers.signs import MISSING, in_print
from api.papers.words import Words

SAID = re.compile(r'say\("([^"]+)"\)')
"""How the template asks for a sentence of the catalogue."""


def manifest_pdf(sheet: Sheet, map_svg: str, words: Words, day: str) -> bytes:
    """
    Set a sheet as PDF/A-3a, tagged for screen readers: 0.1 to 0.3 s.

    ``day`` (``2026-10-14``) dates the file, so that the same manifest gives the same bytes.
    """
    drawings = {"map": in_print(map_svg), "squares": [qr_svg(halt.uri) for halt in sheet.halts]}
    return typeset("manifest.typ", asdict(sheet), drawings, words, day)


def typeset(
    template: str, sheet: Mapping[str, object], drawings: Mapping[str, object], words: Words, day: str
) -> bytes:
    """Set what a template lays out: ``sheet`` holds its words, ``drawings`` pictures of our own as SVG."""
    import typst  # 84 MB that only whoever prints must load

    shown = _in_print(dict(sheet))
    data = {
        "language": words.language,
        "say": {english: words.say(english) for english in _said(template)},
        "sheet": shown,
        "lacks": MISSING in json.dumps(shown, ensure_ascii=False),
        **drawings,
    }
    pdf = typst.compile(
        (TEMPLATE_FOLDER / template).read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=["a-3a"],
        timestamp=_midnight(day),
    )
    if not isinstance(pdf, bytes):
        raise TypeError("typst sets a PDF as one file")
    return pdf


def _in_print(value: object) -> object:
    if isinstance(value, str):
        return in_print(value)
    if isinstance(value, dict):
        return {name: _in_print(each) for name, each in value.items()}
    if isinstance(value, tuple):
        return tuple(_in_print(each) for each in value)
    return value


@cache
def _said(template: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(SAID.findall((TEMPLATE_FOLDER / template).read_text("utf-8"))))


def _midnight(day: str) -> datetime:
    try:
        return datetime.fromisoformat(day).replace(tzinfo=UTC)
    except ValueError:
        return datetime(1970, 1, 1, tzinfo=UTC)
