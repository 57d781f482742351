"""A matrix travels between processes as its two grids."""

import pickle

import numpy as np

from geodata.matrix import Matrix


def test_a_matrix_travels_without_its_rows_and_arrives_the_same():
    matrix = Matrix(np.arange(9).reshape(3, 3), np.ones((3, 3), dtype=np.int64))
    before = len(pickle.dumps(matrix))
    assert matrix.seconds[1][2] == 5 and matrix.metres[0][0] == 1
    assert len(pickle.dumps(matrix)) == before
    other = pickle.loads(pickle.dumps(matrix))  # noqa: S301 - our own words
    assert (other.durations_s == matrix.durations_s).all() and (other.distances_m == matrix.distances_m).all()
    assert not other.durations_s.flags.writeable
