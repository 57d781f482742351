"""
A paper as a file: a PDF, or a photo of it; small, and nothing that acts when it is opened.

A photo is stripped as photos of crates are. A PDF is kept as it came, for a stamp or a signature may stand in
it; one that runs something, holds files, or is locked is refused.
"""

import re

from geodata.refusal import Refusal
from pooling.photo import JPEG, PHOTO_LIMIT_BYTES, PNG, plain_photo

DOCUMENT_LIMIT_BYTES = PHOTO_LIMIT_BYTES
"""As base64 it still fits into a request."""

PDF, PDF_ENDS = b"%PDF-", b"%%EOF"
ACTS = (b"/JavaScript", b"/JS", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/Encrypt")
"""What a PDF names that runs something, brings files along, or cannot be looked into."""


class DocumentUnreadable(Refusal):
    code = "document_unreadable"
    reason = "This is no plain PDF, JPEG or PNG."
    cure = "Scan the paper to a PDF, or take a photo of it."


class DocumentTooLarge(Refusal):
    code = "document_too_large"
    reason = "A document may hold {limit} bytes; this one has {size}."
    cure = "Scan it in grey and with fewer points, or take a smaller photo."


class DocumentActs(Refusal):
    code = "document_acts"
    reason = "This PDF runs something when it is opened, brings files along, or is locked: {named}."
    cure = "Print it to a PDF again, and send that one."


def plain_document(content: bytes) -> tuple[str, bytes]:
    """Return the media type of a document and its bytes as they are kept; refuse all else."""
    if len(content) > DOCUMENT_LIMIT_BYTES:
        raise DocumentTooLarge(limit=DOCUMENT_LIMIT_BYTES, size=len(content))
    if content.startswith((PNG, JPEG)):
        return plain_photo(content)
    if not content.startswith(PDF) or PDF_ENDS not in content[-1024:]:
        raise DocumentUnreadable
    plain = _spelled(content)
    for name in ACTS:
        if _names(plain, name):
            raise DocumentActs(named=name.decode())
    return "application/pdf", content


def _names(content: bytes, name: bytes) -> bool:
    """Tell whether a PDF names something; not where it is but the beginning of another name."""
    return re.search(re.escape(name) + rb"(?![A-Za-z0-9])", content) is not None


def _spelled(content: bytes) -> bytes:
    """Return a PDF with the letters that it writes as figures (``/J#61vaScript``) in plain."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit[1], 16)]), content)
