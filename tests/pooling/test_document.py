"""Papers as files: a plain PDF, or a photo without its place; nothing that acts when it is opened."""

import zlib

import pytest

from pooling.files.document import (
    DOCUMENT_LIMIT_BYTES,
    DocumentActs,
    DocumentTooLarge,
    DocumentUnreadable,
    plain_document,
)
from pooling.files.photo import PNG, PhotoUnreadable
from tests.pages.test_custody import PICTURE

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog /JSmith 1 >> endobj\n%%EOF\n"


def test_a_plain_pdf_is_kept_as_it_came_and_a_photo_is_stripped():
    assert plain_document(PDF) == ("application/pdf", PDF)
    assert plain_document(PICTURE + b"hidden") == ("image/png", PICTURE)


@pytest.mark.parametrize(
    "name", [b"/JavaScript", b"/JS 4 0 R /N", b"/J#61vaScript", b"/JS(run)", b"/Encrypt"]
)
def test_a_pdf_that_acts_or_is_locked_is_refused(name):
    with pytest.raises(DocumentActs):
        plain_document(PDF.replace(b"/JSmith", name))


def packed(named, packing=zlib.compress):
    heading = b"5 0 obj << /Type /Obj#53tm /Filter /FlateDecode >> stream\r\n"
    return PDF.replace(b"%%EOF", heading + packing(named) + b"\nendstream endobj\n%%EOF")


def test_what_a_pdf_packs_is_looked_into_and_chance_in_a_picture_is_no_script():
    for plain in (packed(b"<< /Type /Page >>"), PDF.replace(b"%%EOF", b"stream\n\x9c/JS\x01\x8f\n%%EOF")):
        assert plain_document(plain)[1] == plain
    for hidden in (packed(b"<< /S /JavaScript >>"), packed(b"not packed", bytes), packed(b" " * 9_000_000)):
        with pytest.raises(DocumentActs):
            plain_document(hidden)


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", DocumentUnreadable),
        (b"PK\x03\x04 a folder", DocumentUnreadable),
        (PDF.replace(b"%%EOF", b""), DocumentUnreadable),
        (PNG + b"cut", PhotoUnreadable),
        (PDF + b" " * DOCUMENT_LIMIT_BYTES, DocumentTooLarge),
    ],
)
def test_everything_else_is_refused(content, refusal):
    with pytest.raises(refusal):
        plain_document(content)
