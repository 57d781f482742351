"""
Who pays what of a tour, so that a farmer believes it: the game, the rules, the proof.

``order_game`` prices any group on the tour's own order, ``game`` compares that with alone, and with
``best_plans`` of the group; ``shapley``, ``nucleolus`` and ``equal_profit`` are rules on it; ``rules`` puts
the caps first; ``proof`` says it line by line.
"""
