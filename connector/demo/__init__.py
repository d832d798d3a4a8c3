"""`voile demo`: five real processes on loopback, from certification to audited answers."""
