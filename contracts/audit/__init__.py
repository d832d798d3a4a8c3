"""Checking a bundle of evidence offline: pure functions over its bytes.

`verify` checks one bundle, `diff` lays two beside each other, `drill` shows that changes are found.
Trust comes from outside: a bundle that only vouches for itself is UNCHECKED.
"""
