"""
Who pays what of a tour, so that a farmer believes it: the game, the rules, the proof.

``order_game`` prices any group on the tour's own order, ``game`` compares that with alone, and with
``best_plans`` of the group; ``shapley``, ``nucleolus`` and ``equal_profit`` are rules on it; ``rules`` puts
the caps first; ``proof`` says it line by line. ``charging`` asks the rule that a tour names,
``sharing`` splits in proportion where no game is asked, ``share_book`` keeps what was told.

The nearest published kin are games of less-than-truckload loads shared with perishables: J. Li, X. Cai, Y.
Zeng, Cost allocation for less-than-truckload collaboration among perishable product retailers, OR Spectrum
38, 2016 (fixed and distance costs and decay; the core is not empty; Shapley and tau values compared by how
often they lie in the core); C. Defryn, C. Vanovermeire, K. Sörensen, Gain sharing in horizontal logistic
co-operation: a case study in the fresh fruit and vegetables sector, in Sustainable Logistics and Supply
Chains, Springer, 2016. Here decay has no price: freshness is a hard hour (``pooling.goods.freshness``), kept
by the plan whoever pays. That nobody pays more than alone whatever is shared, and what that costs in
stability: O. Ö. Özener, Ö. Ergun, Allocating costs in a collaborative transportation procurement network,
Transportation Science 42(2), 2008.
"""
