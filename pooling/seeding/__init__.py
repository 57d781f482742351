"""
Seeding: from who bought from whom in the past to tours that could be proposed, and whom to invite.

Pure values: flows are read (``flow``), ranked (``ranking``), put on days (``days``) and drafted as tours
(``drafting``) by the same search, the same baseline and the same rule of payment as every other tour.
"""
