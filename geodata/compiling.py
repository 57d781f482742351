"""
The one place where functions are compiled to machine code, and where that code is kept.

Compiling takes some ten seconds, once: the code is kept beside this file, or, where nothing may be written
there, with the built regions. Where nothing can be kept at all, every process compiles anew. A function
holds the code of those it calls, so that all of a package's code is kept by what all of its files say:
where one changes, everything is compiled again.
"""

import os
import sys
import tempfile
from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

import numba
from platformdirs import user_cache_dir

P = ParamSpec("P")
R = TypeVar("R")

CONSTANTS = ("cost.py", "ground.py")
"""Files without such functions whose constants are compiled into those of others."""

config: Any = numba.config


def compiled(function: Callable[P, R]) -> Callable[P, R]:
    """Compile a function when it is first called; what it is given must be numbers and arrays."""
    made: Callable[P, R] = numba.njit(cache=_shelve(function))(function)
    return made


def lean(function: Callable[P, R]) -> Callable[P, R]:
    """
    Compile a function that makes no arrays of its own, without counting who holds those it is given.

    Functions that hand on many arrays are ten times faster so.
    """
    made: Callable[P, R] = numba.njit(cache=_shelve(function), _nrt=False)(function)
    return made


def _shelve(function: Callable[..., object]) -> bool:
    """Point the compiler to the shelf of a function's package; tell whether there is one."""
    if _SHELVES is None:
        return False
    file = sys.modules[function.__module__].__file__ or __file__
    config.CACHE_DIR = str(_SHELVES / _digest(Path(file).parent))
    return True


@cache
def _digest(package: Path) -> str:
    """Name what all files of a package say that hold such functions, or what these are made of."""
    read = sha256()
    for file in sorted(package.glob("*.py")):
        said = file.read_bytes()
        if b"geodata.compiling" in said or file.name in CONSTANTS:
            read.update(file.name.encode() + b"\0" + said + b"\0")
    return f"{package.name}-{read.hexdigest()[:16]}"


def _shelves() -> Path | None:
    """Choose where machine code is kept, or nowhere."""
    home = Path(os.environ.get("CARRIOLE_HOME") or user_cache_dir("carriole"))
    chosen = [Path(config.CACHE_DIR)] if config.CACHE_DIR else []
    for folder in (*chosen, Path(__file__).parent / "__pycache__" / "compiled", home / "compiled"):
        if _writable(folder):
            return folder
    return None


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


_SHELVES = _shelves()
