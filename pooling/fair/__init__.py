"""
Who pays what of a tour, so that a farmer believes it: the game, the rules, the proof.

``order_game`` prices any group on the tour's own order, ``game`` compares that with alone; ``shapley``,
``nucleolus`` and ``equal_profit`` are rules on it; ``capped`` puts the caps first; ``proof`` says it line
by line.
"""
