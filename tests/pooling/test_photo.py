"""Photos: plain JPEG and PNG without place, date and device; whatever else is refused."""

import pytest

from pooling.files.photo import PHOTO_LIMIT_BYTES, PNG, PhotoTooLarge, PhotoUnreadable, plain_photo


def segment(marker, content):
    return bytes((0xFF, marker)) + (len(content) + 2).to_bytes(2) + content


def chunk(name, content=b""):
    return len(content).to_bytes(4) + name + content + b"crc4"


HEAD, SCAN = segment(0xE0, b"JFIF\0"), segment(0xDA, b"scan") + b"picture\xff\xd9"


def test_a_jpeg_loses_where_and_by_what_it_was_taken():
    taken = b"\xff\xd8" + HEAD + segment(0xE1, b"Exif GPS 43.7") + segment(0xFE, b"my farm") + SCAN
    assert plain_photo(taken + b"hidden after the end") == ("image/jpeg", b"\xff\xd8" + HEAD + SCAN)


def test_a_png_loses_its_words():
    kept = [chunk(b"IHDR", b"size"), chunk(b"IDAT", b"picture"), chunk(b"IEND")]
    taken = PNG + kept[0] + chunk(b"eXIf", b"GPS") + chunk(b"tEXt", b"my farm") + b"".join(kept[1:]) + b"more"
    assert plain_photo(taken) == ("image/png", PNG + b"".join(kept))


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"\xff\xd8",
        b"\xff\xd8\xff",
        b"\xff\xd8" + HEAD,
        PNG,
        PNG + b"\0\0\0\xffIHDR",
        b"\xff\xd8xx",
    ],
)
def test_what_is_no_plain_photo_is_refused(content):
    with pytest.raises(PhotoUnreadable):
        plain_photo(content)


def test_a_photo_has_a_size():
    with pytest.raises(PhotoTooLarge):
        plain_photo(bytes(PHOTO_LIMIT_BYTES + 1))
