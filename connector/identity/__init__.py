"""Who is who: DID documents, the way out to peers, tokens on the way in, certification status."""
