"""Totals over several providers: provider side, aggregator side, consumer side.

The rules are `contracts.cohort`; here are the rows, the calls and the order of steps. Every change
of state writes its leaf in the same transaction. Each call may be repeated: what was said stays
said, so a process that is killed anywhere goes on from its rows.
"""
