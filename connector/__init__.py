"""The shell: HTTP, clock, randomness, database, processes, screens.

It holds no rule that could be decided without IO; those live in the four lower rooms.
"""
