"""A photo of crates: plain JPEG or PNG, small, and stripped of where and by what it was taken."""

from geodata.refusal import Refusal

PHOTO_LIMIT_BYTES = 700_000
"""As base64 it still fits into a request."""

PHOTOS_LIMIT = 1_000
"""Photos that one carrier, or who claims, keeps of so many days: a run of 20 stops has two of each."""

PHOTOS_DAYS = 30

PNG = b"\x89PNG\r\n\x1a\n"
JPEG = b"\xff\xd8"
PNG_KEPT = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND", b"gAMA", b"sRGB", b"pHYs"})
SCAN, END, JFIF, ADOBE, COMMENT = 0xDA, 0xD9, 0xE0, 0xEE, 0xFE
APPLICATION = range(0xE0, 0xF0)


class PhotoUnreadable(Refusal):
    code = "photo_unreadable"
    reason = "This is no plain JPEG or PNG."
    cure = "Take it as a photo of the phone, not as a film or a raw picture."


class PhotoTooLarge(Refusal):
    code = "photo_too_large"
    reason = "A photo may hold {limit} bytes."
    cure = "Choose a smaller size in the camera's settings."


class TooManyPhotos(Refusal):
    code = "too_many_photos"
    reason = "One party keeps {limit} photos taken within {days} days at most; yours has so many."
    cure = "Send those that show damage, and note the rest in words; the oldest make room day by day."


def plain_photo(content: bytes) -> tuple[str, bytes]:
    """Return a photo's media type and its bytes without place, date, device or words; refuse all else."""
    if len(content) > PHOTO_LIMIT_BYTES:
        raise PhotoTooLarge(limit=PHOTO_LIMIT_BYTES)
    try:
        if content.startswith(PNG):
            return "image/png", _plain_png(content)
        if content.startswith(JPEG):
            return "image/jpeg", _plain_jpeg(content)
    except IndexError as error:
        raise PhotoUnreadable from error
    raise PhotoUnreadable


def _plain_png(content: bytes) -> bytes:
    kept, at, name = [PNG], len(PNG), b""
    while name != b"IEND":
        name, end = content[at + 4 : at + 8], at + 12 + int.from_bytes(content[at : at + 4])
        if len(name) < 4 or end > len(content):
            raise PhotoUnreadable
        if name in PNG_KEPT:
            kept.append(content[at:end])
        at = end
    return b"".join(kept)


def _plain_jpeg(content: bytes) -> bytes:
    """Drop the application segments that tell of the taking; what follows the first scan is the picture."""
    kept, at = [JPEG], len(JPEG)
    while True:
        if content[at] != 0xFF:
            raise PhotoUnreadable
        marker, length = content[at + 1], int.from_bytes(content[at + 2 : at + 4])
        end = at + 2 + length
        if length < 2 or end > len(content):
            raise PhotoUnreadable
        if marker == SCAN:
            picture = content[at : content.rindex(bytes((0xFF, END))) + 2] if _ends(content, at) else b""
            if not picture:
                raise PhotoUnreadable
            return b"".join([*kept, picture])
        if marker in (JFIF, ADOBE) or (marker not in APPLICATION and marker != COMMENT):
            kept.append(content[at:end])
        at = end


def _ends(content: bytes, at: int) -> bool:
    return content.rfind(bytes((0xFF, END)), at) > at
