"""Profile `tck`: what the official test kit of the Dataspace Protocol needs beside the protocol.

Spec: voile design dsp.md §6. A fixed header for the kit's identity, its seeds, its two webhooks,
the table of reactions with a scheduler, and a data plane through which nothing flows. The protocol
itself is that of production: no file of it knows the kit.
"""

from tests.tck.profile.area import profile

__all__ = ["profile"]
