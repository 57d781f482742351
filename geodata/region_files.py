"""
The built form of a region on disk: folders of arrays, and one small file that points to the valid one.

``NAME.json`` names the folder, the size and CRC32 of each file in it, and is the only thing ever replaced; so
a reader sees one whole build or another, never half of one. A build works in a folder of its own
name. What a killed build leaves behind is swept by a later one.
"""

import fcntl
import json
import os
import re
import shutil
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from math import inf
from pathlib import Path
from typing import Any, ClassVar
from uuid import uuid4

import numpy as np
import numpy.typing as npt
from numpy.lib.format import header_data_from_array_1_0, write_array_header_1_0

from geodata.refusal import Refusal

FORMAT = 6
"""Counts up whenever the built form changes, or what is read into it; older builds are refused."""

LEFTOVER_AGE_S = 3_600
"""A folder that nothing points to is swept after this time: no build takes so long."""

READ_ATTEMPTS = 3

LEFTOVER = re.compile(r"\.?(?P<name>[a-z0-9_-]+)\.[0-9a-f]{12}")
"""How a build's folder and the draft of a pointer are called."""

Array = npt.NDArray[Any]
Tell = Callable[[float], None]


class RegionCorrupt(Refusal):
    code = "region_corrupt"
    reason = "The built region {name} is damaged: {detail}."
    cure = "Build it again: carriole region build {name} {source}"


class RegionOutdated(Refusal):
    code = "region_outdated"
    reason = "The built region {name} has format {found}; this version of Carriole reads format {format}."
    cure = "Build it again: carriole region build {name} {source}"


class RegionNotWritten(Refusal):
    code = "file_denied"
    reason = (
        "The region {name} could not be written to {path}: {detail}. What stood there before is unharmed."
    )
    cure = "Make room on that disk, or let CARRIOLE_HOME name another folder that you may write to."


@dataclass(frozen=True)
class Stored:
    """Hold what a build consists of: facts and texts as JSON, arrays memory-mapped."""

    facts: Mapping[str, Any]
    texts: Mapping[str, Any]
    arrays: Mapping[str, Array]


@dataclass(frozen=True)
class Shelf:
    """Keep the built regions below one folder."""

    folder: Path

    POINTER: ClassVar[str] = ".json"

    @property
    def vehicles(self) -> "Shelf":
        """Return the shelf beside it for what was worked out for one vehicle each."""
        return Shelf(self.folder / "vehicles")

    def names(self) -> tuple[str, ...]:
        found = (path for path in self.folder.glob(f"*{self.POINTER}") if not path.name.startswith("."))
        return tuple(sorted(path.name.removesuffix(self.POINTER) for path in found))

    def put(self, name: str, stored: Stored, *, tell: Tell | None = None) -> None:
        """
        Write a build aside, then let the pointer name it.

        Replaces the region of that name at once, or not at all; ``tell`` hears which share is written. The
        file system's clock stamps the fact ``built_at``. Refused with ``file_denied``.
        """
        aside = self.folder / f"{name}.{uuid4().hex[:12]}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            aside.mkdir()
            self._put(name, stored, aside, tell or _silent)
        except BaseException as broken:
            if self._folder_named(name) != aside:
                shutil.rmtree(aside, ignore_errors=True)
            if not isinstance(broken, OSError):
                raise
            detail = broken.strerror or str(broken) or type(broken).__name__
            raise RegionNotWritten(name=name, path=self.folder, detail=detail) from broken

    def bytes_of(self, name: str) -> int:
        """Return the size of a build on disk, by its pointer."""
        return sum(int(file["bytes"]) for file in self._pointer(name)["files"].values())

    def facts(self, name: str) -> Mapping[str, Any]:
        """Return what the pointer of a region says, without opening its arrays."""
        facts: Mapping[str, Any] = self._pointer(name)["facts"]
        return facts

    def get(self, name: str) -> Stored:
        """
        Open a build: sizes and checksums of every file are compared first.

        A build that is replaced in this very moment is opened again. Refused with ``region_corrupt``
        or ``region_outdated``; a missing pointer is a ``FileNotFoundError``.
        """
        for _ in range(READ_ATTEMPTS):
            pointer = self._pointer(name)
            try:
                return self._open(name, pointer)
            except FileNotFoundError:
                continue
        raise _corrupt(name, "files are missing", pointer)

    def drop(self, name: str) -> None:
        """Take a region away: first its pointer, then its folder."""
        folder = self._folder_named(name)
        (self.folder / f"{name}{self.POINTER}").unlink(missing_ok=True)
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)

    def _put(self, name: str, stored: Stored, aside: Path, tell: Tell) -> None:
        begun_s = aside.stat().st_mtime
        self._sweep(begun_s - LEFTOVER_AGE_S)
        files = _write_all(aside, stored, tell)
        built_at = datetime.fromtimestamp(begun_s, UTC).isoformat(timespec="seconds")
        facts = {**stored.facts, "built_at": built_at}
        pointer = {"format": FORMAT, "folder": aside.name, "files": files, "facts": facts}
        with _alone(self.folder):
            previous = self._folder_named(name)
            self._point(name, {**pointer, "seal": _seal(pointer)})
        if previous is not None:
            shutil.rmtree(previous, ignore_errors=True)

    def _open(self, name: str, pointer: Mapping[str, Any]) -> Stored:
        folder = self.folder / pointer["folder"]
        for file, expected in pointer["files"].items():
            if _measure(folder / file) != expected:
                raise _corrupt(name, f"{file} is not what was written", pointer)
        files = [folder / file for file in pointer["files"]]
        return Stored(
            facts=pointer["facts"],
            texts={path.stem: json.loads(path.read_bytes()) for path in files if path.suffix == ".json"},
            arrays={path.stem: np.load(path, mmap_mode="r") for path in files if path.suffix == ".npy"},
        )

    def _pointer(self, name: str) -> Mapping[str, Any]:
        text = (self.folder / f"{name}{self.POINTER}").read_bytes()
        try:
            pointer = json.loads(text)
            seal = pointer.pop("seal")
        except (ValueError, KeyError, AttributeError, TypeError) as error:
            raise _corrupt(name, f"{name}{self.POINTER} cannot be read", {}) from error
        if seal != _seal(pointer):
            raise _corrupt(name, f"{name}{self.POINTER} is not what was written", pointer)
        if pointer["format"] != FORMAT:
            raise RegionOutdated(
                name=name, found=pointer["format"], format=FORMAT, source=pointer["facts"]["source"]
            )
        checked: Mapping[str, Any] = pointer
        return checked

    def _folder_named(self, name: str) -> Path | None:
        try:
            pointer = json.loads((self.folder / f"{name}{self.POINTER}").read_bytes())
            folder = self.folder / str(pointer["folder"])
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return folder if folder.parent == self.folder and folder.name.startswith(f"{name}.") else None

    def _point(self, name: str, pointer: Mapping[str, Any]) -> None:
        draft = self.folder / f".{name}.{uuid4().hex[:12]}"
        try:
            _write_json(draft, pointer)
            draft.replace(self.folder / f"{name}{self.POINTER}")
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
        _sync(self.folder)

    def _sweep(self, before_s: float) -> None:
        """Take away what killed builds of any name left: all that no pointer names, but for the newest."""
        for path in self.folder.iterdir():
            left = LEFTOVER.fullmatch(path.name)
            if left is None or _changed_s(path) > before_s or path == self._folder_named(left["name"]):
                continue
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)


def _corrupt(name: str, detail: str, pointer: Mapping[str, Any]) -> RegionCorrupt:
    facts = pointer.get("facts")
    source = facts.get("source", "FILE") if isinstance(facts, dict) else "FILE"
    return RegionCorrupt(name=name, detail=detail, source=source)


def _write_all(folder: Path, stored: Stored, tell: Tell) -> dict[str, dict[str, int]]:
    files: dict[str, dict[str, int]] = {}
    whole = max(1, sum(array.nbytes for array in stored.arrays.values()))
    written = 0
    for key, array in stored.arrays.items():
        files[f"{key}.npy"] = _write_array(folder / f"{key}.npy", array)
        written += array.nbytes
        tell(written / whole)
    for key, text in stored.texts.items():
        files[f"{key}.json"] = _write_json(folder / f"{key}.json", text)
    _sync(folder)
    return files


def _write_array(path: Path, array: Array) -> dict[str, int]:
    """Write as ``numpy.save`` does, but by the file itself, whose error says what is wrong with the disk."""
    whole = np.ascontiguousarray(array)
    with path.open("wb") as file:
        write_array_header_1_0(file, header_data_from_array_1_0(whole))
        file.write(whole.tobytes() if whole.ndim == 0 else whole.reshape(-1).view(np.uint8).data)
        file.flush()
        os.fsync(file.fileno())
    return _measure(path)


def _write_json(path: Path, text: object) -> dict[str, int]:
    with path.open("wb") as file:
        file.write(json.dumps(text, ensure_ascii=False, separators=(",", ":")).encode())
        file.flush()
        os.fsync(file.fileno())
    return _measure(path)


def _measure(path: Path) -> dict[str, int]:
    content = path.read_bytes()
    return {"bytes": len(content), "crc32": zlib.crc32(content)}


def _silent(_: float) -> None:
    """Tell nobody."""


def _seal(pointer: Mapping[str, Any]) -> int:
    return zlib.crc32(json.dumps(pointer, sort_keys=True).encode())


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let builders replace a pointer one after the other, so that each takes away what it replaced."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a disk that knows no locks: what is left over is swept later
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _changed_s(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return inf
