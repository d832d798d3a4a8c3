"""A total over several providers, none of whose figures anybody sees: what is said and checked.

The consumer opens a *session*; each provider *accepts* it over the whole transcript; all
acceptances go to all. Phase A: providers tell the aggregator which cells they contribute to, it
answers which are *cleared*. Phase B: providers send ciphertexts of the cleared cells and sign a
*contribution*; the aggregator multiplies, and signs either that it *released* a product or that the
session *ended* without one, never both.

`session` and `statements` are the signed values, `signing` how they are signed and read, `members`
and `verify` the rules as numbered lists, `states` who may do what when.
"""
