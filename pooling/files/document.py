"""
A paper as a file: a PDF, or a photo of it; small, and nothing that acts when it is opened.

A photo is stripped as photos of crates are. A PDF is kept as it came, for a stamp or a signature may stand in
it; one that runs something, holds files, or is locked is refused.
"""

import re
import zlib
from collections.abc import Iterator

from geodata.refusal import Refusal
from pooling.files.photo import JPEG, PHOTO_LIMIT_BYTES, PNG, plain_photo

DOCUMENT_LIMIT_BYTES = PHOTO_LIMIT_BYTES
"""As base64 it still fits into a request."""

DOCUMENTS_LIMIT_BYTES = 100_000_000
"""All files of one carrier's papers: those that were vetted, and those sent since."""

PDF, PDF_ENDS = b"%PDF-", b"%%EOF"
NAMES = (b"/JavaScript", b"/Rendition", b"/Launch", b"/EmbeddedFile", b"/RichMedia", b"/XFA", b"/Encrypt")
"""What a PDF names that runs something, brings files along, or cannot be looked into."""

SCRIPT = rb"/JS(?=\s*(?:[(<]|\d+\s+\d+\s+R))"
"""A script with what it runs: its three letters alone stand by chance in one scan of thirty."""

ACTS = re.compile(b"(?:%b)(?![A-Za-z0-9])|%b" % (b"|".join(NAMES), SCRIPT))
"""These names, where they are not but the beginning of another one."""

STREAM, PACKED, HEADING_BYTES = re.compile(rb"stream\r?\n"), b"/ObjStm", 1_000
"""What stands in a packed stream of objects counts as if it stood in plain: most programs write so."""

UNPACKED_LIMIT_BYTES = 8_000_000


class DocumentUnreadable(Refusal):
    code = "document_unreadable"
    reason = "This is no plain PDF, JPEG or PNG."
    cure = "Scan the paper to a PDF, or take a photo of it."


class DocumentTooLarge(Refusal):
    code = "document_too_large"
    reason = "A document may hold {limit} bytes; this one has {size}."
    cure = "Scan it in grey and with fewer points, or take a smaller photo."


class DocumentsFull(Refusal):
    code = "documents_full"
    reason = (
        "The documents of one carrier may hold {limit} bytes together: yours hold {held}, this one {size}."
    )
    cure = "Send it smaller, in grey and with fewer points; or take away what nobody has vetted."


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
    for part in (content, *_unpacked(content)):
        acts = ACTS.search(_spelled(part))
        if acts is not None:
            raise DocumentActs(named=acts[0].decode())
    return "application/pdf", content


def _unpacked(content: bytes) -> Iterator[bytes]:
    """Yield the packed streams of objects; refuses those that cannot be looked into."""
    left = UNPACKED_LIMIT_BYTES
    for begins in STREAM.finditer(content):
        before = content[max(0, begins.start() - HEADING_BYTES) : begins.start()]
        heading = _spelled(before.rpartition(b"endobj")[2])
        if PACKED not in heading or b"/Filter" not in heading:
            continue
        unpacking = zlib.decompressobj()
        try:
            found = unpacking.decompress(content[begins.end() :], left)
        except zlib.error:
            raise DocumentActs(named=PACKED.decode()) from None
        left -= len(found)
        if b"/Predictor" in heading or not unpacking.eof or left <= 0:
            raise DocumentActs(named=PACKED.decode())
        yield found


def _spelled(content: bytes) -> bytes:
    """Return a PDF with the letters that it writes as figures (``/J#61vaScript``) in plain."""
    return re.sub(rb"#([0-9A-Fa-f]{2})", lambda hit: bytes([int(hit[1], 16)]), content)
