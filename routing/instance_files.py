"""
The published files of Li & Lim and of Sartori & Buriol, and of solutions to them.

A file of Li & Lim begins with three numbers, one of Sartori & Buriol with its name; each node has the
same nine columns in both. Solutions of both are lists of nodes, route by route.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from geodata.refusal import Refusal
from routing.instances import Instance, Node, NodeRoutes

COLUMNS = 9
ROUTE = re.compile(r"Route\s+\d+\s*:(.*)", re.IGNORECASE)


class InstanceUnreadable(Refusal):
    """Refuse a file that is not what was published; names its first bad line."""

    code = "instance_unreadable"
    reason = "The benchmark file {file} cannot be read, line {line}: {detail}."
    cure = "Give a file of Li & Lim or of Sartori & Buriol as it was published."


def read_instance(path: Path) -> Instance:
    """Read a file of either set; which one it is shows in its first line."""
    lines = _Lines(path)
    words = lines.words(1)
    if words and words[0].upper() == "NAME:":
        return _sartori_buriol(lines)
    return _li_lim(lines)


def instance_text(instance: Instance) -> str:
    """Write a problem as its set publishes it."""
    if instance.travel is None:
        head = [f"{instance.vehicles}\t{instance.capacity}\t1"]
        return "\n".join([*head, *("\t".join(row) for row in _rows(instance))]) + "\n"
    head = [f"NAME: {instance.name}", "TYPE: PDPTW", f"SIZE: {len(instance.nodes)}"]
    head += [f"CAPACITY: {instance.capacity}", "NODES", *(" ".join(row) for row in _rows(instance))]
    edges = [" ".join(map(str, row)) for row in instance.travel]
    return "\n".join([*head, "EDGES", *edges, "EOF"]) + "\n"


def solution_text(name: str, routes: Iterable[Sequence[int]], *, authors: str, date: str) -> str:
    """Write a solution as both sets publish theirs."""
    head = [f"Instance name : {name}", f"Authors       : {authors}", f"Date          : {date}"]
    body = [f"Route {at} : {' '.join(map(str, route))}" for at, route in enumerate(routes, start=1)]
    return "\n".join([*head, "Reference     : Carriole", "Solution", *body]) + "\n"


def read_solution(path: Path) -> NodeRoutes:
    """Read the routes of a published solution; a depot that stands at their ends is left out."""
    lines = _Lines(path)
    routes = []
    for number in lines.numbers():
        found = ROUTE.match(lines.text(number))
        if found:
            nodes = [lines.whole(number, word) for word in found.group(1).split()]
            routes.append(tuple(node for node in nodes if node != 0))
    if not routes:
        raise lines.refusal(1, "it has no routes")
    return tuple(routes)


class _Lines:
    """Hold the lines of a file, numbered from one, and refuse in their name."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._lines = path.read_text(encoding="utf-8").split("\n")
        except (OSError, UnicodeDecodeError) as mistake:
            raise self.refusal(0, str(mistake)) from mistake
        while self._lines and not self._lines[-1].strip():
            self._lines.pop()

    def numbers(self) -> range:
        return range(1, len(self._lines) + 1)

    def text(self, number: int) -> str:
        if number > len(self._lines):
            raise self.refusal(number, "the file ends too early")
        return self._lines[number - 1].strip()

    def words(self, number: int) -> list[str]:
        return self.text(number).split()

    def whole(self, number: int, word: str) -> int:
        try:
            return int(word)
        except ValueError:
            raise self.refusal(number, f"“{word}” is no whole number") from None

    def wholes(self, number: int, expected: int) -> list[int]:
        words = self.words(number)
        if len(words) != expected:
            raise self.refusal(number, f"it has {len(words)} columns, not {expected}")
        return [self.whole(number, word) for word in words]

    def refusal(self, number: int, detail: str) -> InstanceUnreadable:
        return InstanceUnreadable(file=self.path.name, line=number, detail=detail)


def _li_lim(lines: _Lines) -> Instance:
    vehicles, capacity, _ = lines.wholes(1, 3)
    if vehicles < 1 or capacity < 1:
        raise lines.refusal(1, "it has no vehicle, or none with room")
    nodes = _nodes(lines, lines.numbers()[1:])
    return Instance(lines.path.stem, "li_lim", capacity, vehicles, nodes)


def _sartori_buriol(lines: _Lines) -> Instance:
    head, first = _head(lines)
    size, capacity = (_figure(lines, head, word) for word in ("SIZE", "CAPACITY"))
    nodes = _nodes(lines, range(first, first + size))
    edges_at = first + size
    if lines.text(edges_at) != "EDGES":
        raise lines.refusal(edges_at, "EDGES should stand here")
    travel = tuple(tuple(lines.wholes(edges_at + 1 + row, size)) for row in range(size))
    for row, times in enumerate(travel):
        if min(times) < 0 or times[row] != 0:
            raise lines.refusal(edges_at + 1 + row, "a way is negative, or one to itself is not 0")
    return Instance(head["NAME"][1], "sartori_buriol", capacity, None, nodes, travel)


def _head(lines: _Lines) -> tuple[dict[str, tuple[int, str]], int]:
    """Return the words before the nodes, each with its line, and the line of the first node."""
    head: dict[str, tuple[int, str]] = {}
    for number in lines.numbers():
        if lines.text(number) == "NODES":
            return head, number + 1
        word, colon, rest = lines.text(number).partition(":")
        if not colon:
            raise lines.refusal(number, "NODES should stand here, or a word and a colon")
        head[word.strip().upper()] = (number, rest.strip())
    raise lines.refusal(len(lines.numbers()), "it has no NODES")


def _figure(lines: _Lines, head: dict[str, tuple[int, str]], word: str) -> int:
    if word not in head:
        raise lines.refusal(1, f"it has no {word}")
    number, text = head[word]
    figure = lines.whole(number, text)
    if figure < 1:
        raise lines.refusal(number, f"{word} is {figure}")
    return figure


def _nodes(lines: _Lines, numbers: range) -> tuple[Node, ...]:
    nodes = tuple(_node(lines, line, number) for number, line in enumerate(numbers))
    if not nodes or nodes[0].demand or nodes[0].partner:
        raise lines.refusal(numbers.start, "the first node should be the depot, without goods")
    for number, node in enumerate(nodes[1:], start=1):
        line = numbers[number]
        if not 1 <= node.partner < len(nodes) or nodes[node.partner].partner != number:
            raise lines.refusal(line, f"node {number} and node {node.partner} are no pair")
        if node.demand == 0 or nodes[node.partner].demand != -node.demand:
            raise lines.refusal(line, f"what node {number} takes is not what node {node.partner} gives")
    return nodes


def _node(lines: _Lines, line: int, number: int) -> Node:
    words = lines.words(line)
    if len(words) != COLUMNS:
        raise lines.refusal(line, f"it has {len(words)} columns, not {COLUMNS}")
    found, demand, opens, closes, service, pickup, drop = (
        lines.whole(line, word) for word in (words[0], *words[3:])
    )
    if found != number:
        raise lines.refusal(line, f"node {number} should stand here, not {found}")
    if closes < opens or service < 0 or opens < 0:
        raise lines.refusal(line, "its window closes before it opens, or a time is negative")
    if ((drop if demand > 0 else pickup) == 0 and number) or (pickup and drop):
        raise lines.refusal(line, "a node has either a pickup or a drop as its partner")
    try:
        x, y = float(words[1]), float(words[2])
    except ValueError:
        raise lines.refusal(line, "its point is no pair of numbers") from None
    return Node(x, y, demand, opens, closes, service, pickup or drop)


def _rows(instance: Instance) -> Iterator[list[str]]:
    for number, node in enumerate(instance.nodes):
        point = (
            (f"{node.x:g}", f"{node.y:g}")
            if instance.form == "li_lim"
            else (f"{node.x:.8f}", f"{node.y:.8f}")
        )
        partners = (0, node.partner) if node.demand > 0 else (node.partner, 0)
        figures = (node.demand, node.opens, node.closes, node.service, *partners)
        yield [str(number), *point, *map(str, figures)]
