"""The folder that keeps what was built: regions, and which of them is in use."""

import os
from pathlib import Path

from platformdirs import user_cache_dir

from geodata.refusal import Refusal


class HomeNoFolder(Refusal):
    code = "file_denied"
    reason = "{path} is no folder: built regions cannot be kept in it."
    cure = "Let CARRIOLE_HOME name a folder that you may write to, or leave it unset."


def home_folder(home: Path | None = None) -> Path:
    """Return the folder of built regions, which need not exist yet; a file in its place is refused."""
    folder = Path(home or os.environ.get("CARRIOLE_HOME") or user_cache_dir("carriole"))
    if next(path for path in (folder, *folder.parents) if path.exists()).is_dir():
        return folder
    raise HomeNoFolder(path=folder)
