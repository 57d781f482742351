"""
A folder of papers changes as a whole: new papers are written beside the old ones and take their place.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

PAPER_ENDINGS = frozenset({".html", ".pdf", ".json", ".geojson", ".svg"})


@contextmanager
def swapped_in(folder: Path) -> Iterator[Path]:
    """
    Give an empty folder to fill; in the end it takes the place of ``folder``.

    Where the filling fails, ``folder`` stays as it was. Papers that stood there go; what is no paper
    is kept.
    """
    whole = folder.resolve()
    whole.parent.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(dir=whole.parent, prefix=f".{whole.name}-") as room:
        new, old = Path(room, "new"), Path(room, "old")
        new.mkdir()
        yield new
        _keep_what_is_no_paper(whole, new)
        _swap(whole, new, old)


def _swap(whole: Path, new: Path, old: Path) -> None:
    if whole.is_dir():
        whole.rename(old)
    try:
        new.rename(whole)
    except OSError:
        if old.is_dir():
            old.rename(whole)
        raise


def _keep_what_is_no_paper(whole: Path, new: Path) -> None:
    """Copy rather than move: until the swap the old folder must lack nothing."""
    for path in whole.iterdir() if whole.is_dir() else ():
        if path.is_dir() and not path.is_symlink():
            shutil.copytree(path, new / path.name, symlinks=True)
        elif path.suffix not in PAPER_ENDINGS:
            shutil.copy2(path, new / path.name, follow_symlinks=False)
