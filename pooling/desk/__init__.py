"""
Every change of state: one function each, one transaction each.

Who may ask is decided here, by the actor's parties; what is possible, by the pure code of ``pooling``
and ``routing``; what is kept, by ``pooling.store``.
"""

from pooling.desk.actor import HOUSE, Actor, NotAllowed, SignInNeeded
from pooling.desk.desk import Desk, DeskBusy, Moved
from pooling.desk.grounds import Grounds

__all__ = ["HOUSE", "Actor", "Desk", "DeskBusy", "Grounds", "Moved", "NotAllowed", "SignInNeeded"]
