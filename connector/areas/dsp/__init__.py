"""The Dataspace Protocol, spoken: rows, messages in and out, what we do by ourselves, the APIs."""
