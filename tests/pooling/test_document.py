"""Papers as files: a plain PDF, or a photo without its place; nothing that acts when it is opened."""

import pytest

from pooling.document import (
    DOCUMENT_LIMIT_BYTES,
    DocumentActs,
    DocumentTooLarge,
    DocumentUnreadable,
    plain_document,
)
from pooling.photo import PNG, PhotoUnreadable
from tests.pages.test_custody import PICTURE

PDF = b"%PDF-1.7\n1 0 obj << /Type /Catalog /JSmith 1 >> endobj\n%%EOF\n"


def test_a_plain_pdf_is_kept_as_it_came_and_a_photo_is_stripped():
    assert plain_document(PDF) == ("application/pdf", PDF)
    assert plain_document(PICTURE + b"hidden") == ("image/png", PICTURE)


@pytest.mark.parametrize("name", [b"/JavaScript", b"/JS", b"/J#61vaScript", b"/EmbeddedFile", b"/Encrypt"])
def test_a_pdf_that_acts_or_is_locked_is_refused(name):
    with pytest.raises(DocumentActs):
        plain_document(PDF.replace(b"/JSmith", name))


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
