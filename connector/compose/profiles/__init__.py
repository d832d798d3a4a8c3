"""Test-only profiles: what a foreign judge needs beside the protocol. Never loaded otherwise."""
