"""Paillier: batched, packed, wire compatible with phe, under rules that a wrong party cannot bend.

One file, one concept: `keys` and `jwk` (a key and its JSON form), `proof` and `gate` (is a foreign
key one at all), `layout` (how values sit in a plaintext), `ciphertext` (what may travel and what
may not), `encrypt`, `decrypt`, and `frame` (bytes on the wire).
"""
