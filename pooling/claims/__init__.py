"""
Claims, decided by pure code: what is covered, until when one may claim, who held the crates, what is paid.

Begin with ``placing``.
"""
