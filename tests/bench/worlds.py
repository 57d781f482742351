"""Two small published problems that tests share: a square with straight ways, and a street in minutes."""

SQUARE = """\
2 10 1
0 0 0 0 0 100 0 0 0
1 3 4 6 0 12 2 0 2
2 3 0 -6 0 30 2 1 0
3 0 4 5 0 40 1 0 4
4 1 5 -5 10 50 1 3 0
"""
"""Depot in a corner; one pair down a side of the square (ways of 5, 4 and 3), another with a root of 2."""

STREET = """\
NAME: street-n4-1
TYPE: PDPTW
SIZE: 5
ROUTE-TIME: 60
CAPACITY: 10
NODES
0 43.70000000 7.20000000 0 0 60 0 0 0
1 43.71000000 7.21000000 6 0 20 5 0 3
2 43.72000000 7.22000000 6 0 60 5 0 4
3 43.73000000 7.23000000 -6 0 60 5 1 0
4 43.74000000 7.24000000 -6 0 60 5 2 0
EDGES
0 4 6 8 10
5 0 2 4 6
7 3 0 2 4
9 5 3 0 2
11 7 5 3 0
EOF
"""
"""One way is longer than its return; both pairs at once are too much for a vehicle."""
