"""What keeps data invisible and records honest.

Keys, signatures, canonical JSON, Merkle tree, Paillier, disclosure control. It has no idea of a
contract or a dataset; time, randomness and keys arrive as arguments.
"""
