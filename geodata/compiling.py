"""
The one place where functions are compiled to machine code, and where that code is kept.

Compiling takes some ten seconds, once: the code is kept beside the source, or, where nothing may be written
there, with the built regions. Where nothing can be kept at all, every process compiles anew.
"""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from platformdirs import user_cache_dir

P = ParamSpec("P")
R = TypeVar("R")

config: Any = numba.config


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function when it is first called; what it is given must be numbers and arrays."""
    made: Callable[P, R] = numba.njit(cache=_KEPT)(function)
    return made


def lean(function: Callable[P, R]) -> Callable[P, R]:
    """
    Compile a function that makes no arrays of its own, without counting who holds those it is given.

    Functions that hand on many arrays are ten times faster so.
    """
    made: Callable[P, R] = numba.njit(cache=_KEPT, _nrt=False)(function)
    return made


def _kept() -> bool:
    """Choose where machine code is kept; tell whether there is such a place."""
    if config.CACHE_DIR:
        return _writable(Path(config.CACHE_DIR))
    if _writable(Path(__file__).parent):
        return True
    home = Path(os.environ.get("CARRIOLE_HOME") or user_cache_dir("carriole")) / "compiled"
    if _writable(home):
        config.CACHE_DIR = str(home)
        return True
    return False


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_KEPT = _kept()
