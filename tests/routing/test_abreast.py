"""The same work for many things on all cores: the same answers, whatever becomes of the children."""

import os
import signal
from time import sleep

import pytest

from geodata.refusal import Refusal
from routing.abreast import abreast


class Odd(Refusal):
    code = "odd"
    reason = "{number} is odd."
    cure = "Add {one}."


def doubled(offset: int, number: int) -> tuple[int, int]:
    sleep(0.02)
    return offset + 2 * number, os.getpid()


def refusing(number: int) -> Refusal:
    sleep(0.02)
    refusal = Odd(number=number, one=1)
    refusal.besides = Odd(number=number + 2, one=1)
    return refusal


def endless_elsewhere(here: int, number: int) -> int:
    sleep(0.05 if os.getpid() == here else 60)
    return number


def wrong(number: int) -> int:
    raise ZeroDivisionError(number)


def test_answers_come_in_the_order_of_the_things_and_two_processes_give_them():
    found = abreast(doubled, (100,), range(40), processes=2)
    assert [number for number, _ in found] == [100 + 2 * at for at in range(40)]
    assert len({pid for _, pid in found}) == 2


def test_with_one_process_no_child_is_started():
    begun = []
    found = abreast(doubled, (0,), range(3), processes=1, on_start=begun.append)
    assert {pid for _, pid in found} == {os.getpid()} and not begun


def test_nothing_is_asked_for_nothing():
    assert abreast(doubled, (0,), [], processes=2) == []


def test_what_a_killed_child_had_is_done_here():
    found = abreast(doubled, (0,), range(30), processes=2, on_start=lambda pid: os.kill(pid, signal.SIGKILL))
    assert [number for number, _ in found] == [2 * at for at in range(30)]


def test_a_refusal_comes_home_with_its_facts():
    for at, one in enumerate(abreast(refusing, (), range(8), processes=2)):
        assert one.sentence == f"{at} is odd." and one.plain_facts == {"number": at, "one": 1}
        assert one.besides is not None and str(one.besides) == f"{at + 2} is odd."


def test_what_tell_raises_ends_it_and_its_children():
    begun = []

    def tell(share: float) -> None:
        if begun:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        abreast(endless_elsewhere, (os.getpid(),), range(100), processes=2, tell=tell, on_start=begun.append)
    assert begun


def test_a_mistake_in_the_work_is_loud():
    with pytest.raises(ZeroDivisionError):
        abreast(wrong, (), range(4), processes=2)
