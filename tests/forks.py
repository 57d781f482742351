"""
``python -c`` for tests, without the seconds that importing the house takes: children are forked from a
process that has imported it once.

A child has an environment, a folder, open files and a session of its own, as it would have after ``exec``;
what it is about to import is there already. Where starting itself is the promise, a test starts a real one.
"""

import atexit
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from fcntl import LOCK_EX, LOCK_NB, LOCK_SH, flock
from functools import cache
from importlib import import_module
from pathlib import Path
from select import select
from shutil import rmtree
from uuid import uuid4

HOUSE = Path(__file__).parents[1]
PRELOAD = (
    "api.commands.cli",
    "api.commands.serving",
    "api.commands.worker",
    "api.commands.founding",
    "tests.desk.slow_work",
    "geodata.warming",
)
LARGEST = 1 << 17
LOOKS_EACH_S = 0.5
COMMAND = "from api.door import main; main()"
"""What the command ``carriole`` runs."""

_HELD = []
"""The file by whose lock this process of tests keeps the one alive that children are forked from."""

CLIENT = """
import json, os, signal, socket, sys
door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
door.connect({path!r})
wish = dict(code={code!r}, words=sys.argv[1:], environment=dict(os.environ), folder=os.getcwd())
socket.send_fds(door, [json.dumps(wish).encode()], [0, 1, 2])
pid = int(door.recv(100))
for name in (signal.SIGTERM, signal.SIGINT):
    signal.signal(name, lambda number, _: os.kill(pid, number))
sys.exit(int(door.recv(100)) % 256)
"""
"""The same for a shell: a small Python that waits for the forked child, and hands signals on to it."""


class Forked:
    """Hold a forked child as ``subprocess.Popen`` would."""

    def __init__(self, code, *words, environment=None, folder=HOUSE, stdout=None, stderr=None):
        self.returncode = None
        self._door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._door.connect(_server())
        wish = {
            "code": code,
            "words": [str(word) for word in words],
            "environment": dict(os.environ if environment is None else environment),
            "folder": str(folder),
        }
        with Path(os.devnull).open("r+b") as nothing:
            files = [nothing if file is None else file for file in (None, stdout, stderr)]
            socket.send_fds(self._door, [json.dumps(wish).encode()], [file.fileno() for file in files])
        self.pid = int(self._door.recv(100))

    def poll(self):
        """Return how it ended, or None while it runs."""
        with suppress(subprocess.TimeoutExpired):
            self.wait(0)
        return self.returncode

    def wait(self, timeout=None):
        """Return how it ended: a signal that killed it is negative."""
        if self.returncode is None:
            if not select([self._door], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired(str(self.pid), timeout or 0)
            self.returncode = int(self._door.recv(100))
            self._door.close()
        return self.returncode

    def send_signal(self, number):
        """Send a signal, if it still runs."""
        if self.poll() is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


def ran(code, *words, **where):
    """Run a forked child to its end; what it printed and said comes back as text."""
    pipes = [os.pipe() for _ in range(2)]
    with os.fdopen(pipes[0][1], "wb") as out, os.fdopen(pipes[1][1], "wb") as err:
        child = Forked(code, *words, stdout=out, stderr=err, **where)
    with os.fdopen(pipes[0][0]) as out, os.fdopen(pipes[1][0]) as err, ThreadPoolExecutor(2) as readers:
        told = list(readers.map(lambda file: file.read(), (out, err)))
    return subprocess.CompletedProcess(words, child.wait(), *told)


def write_command(path, code=COMMAND):
    """Write a command for a shell, which runs the code with its words in a forked child."""
    script = path.with_name(f"{path.name}.py")
    script.write_text(CLIENT.format(path=_server(), code=code), encoding="utf-8")
    path.write_text(f"#!/bin/sh\nexec {sys.executable} -ISE '{script}' \"$@\"\n", encoding="utf-8")
    path.chmod(0o755)


@cache
def _server():
    """Return the address of the process that children are forked from: one for all processes of a run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID") or uuid4().hex
    folder = Path(tempfile.gettempdir()) / f"carriole-forks-{run}"
    folder.mkdir(mode=0o700, exist_ok=True)
    held = (folder / "held").open("a", encoding="utf-8")
    flock(held, LOCK_SH)  # kept until this process ends, however it ends
    _HELD.append(held)
    with (folder / "begun").open("a", encoding="utf-8") as begun:
        flock(begun, LOCK_EX)
        if not (folder / "door").exists():
            _start(folder)
    return f"{folder}/door"


def _start(folder):
    """Start the process that children are forked from; whoever did sees it end."""
    door = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    door.bind(f"{folder}/door")
    door.listen(50)
    words = f"import sys; sys.path[:] = {sys.path!r}; from tests.forks import keep"
    server = subprocess.Popen(
        [sys.executable, "-c", f"{words}; keep({door.fileno()}, {str(folder)!r})"],
        cwd=HOUSE,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        pass_fds=[door.fileno()],
        start_new_session=True,
    )
    door.close()

    def end():
        _HELD.pop().close()
        server.wait()
        rmtree(folder)

    atexit.register(end)


def keep(number, folder):
    """Be the process that children are forked from, until no process of tests holds its folder."""
    gc.disable()
    for module in PRELOAD:
        loaded = import_module(module)
    loaded.warm()
    gc.collect()
    gc.freeze()  # No child looks for garbage in what all of them share.
    gc.enable()
    door = socket.socket(fileno=number)
    while _is_held(folder):
        if select([door], [], [], LOOKS_EACH_S)[0]:
            caller, _ = door.accept()
            if os.fork() == 0:
                door.close()
                _watch(caller)
            caller.close()
            _bury(os.WNOHANG)
    _bury(0)


def _is_held(folder):
    """Tell whether a process of tests is there still."""
    with (Path(folder) / "held").open("a", encoding="utf-8") as held:
        try:
            flock(held, LOCK_EX | LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _bury(how):
    """Wait for the watchmen that have ended, or for all: their callers are gone."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, how)[0]:
            pass


def _watch(caller):
    """Fork the child and tell how it ends; a child whose caller is gone is killed."""
    said, files, _, _ = socket.recv_fds(caller, LARGEST, 3)
    pid = os.fork()
    if pid == 0:
        caller.close()
        _become(json.loads(said), files)
    for file in files:
        os.close(file)
    caller.send(str(pid).encode())

    def hear():
        if not caller.recv(1):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)

    threading.Thread(target=hear, daemon=True).start()
    _, status = os.waitpid(pid, 0)
    with suppress(OSError):
        caller.send(str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _become(wish, files):
    """Run the code as ``python -c`` would, and end."""
    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(wish["environment"])
    os.chdir(wish["folder"])
    for at, file in enumerate(files):
        os.dup2(file, at)
        os.close(file)
    sys.argv[:] = ["-c", *wish["words"]]
    code = 0
    try:
        exec(wish["code"], {"__name__": "__main__"})  # noqa: S102 - what a test wrote
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    except BaseException:  # noqa: BLE001 - as Python itself does
        traceback.print_exc()
        code = 1
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
    atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError):
            stream.flush()
    os._exit(code)
