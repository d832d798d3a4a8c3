"""People: who they are, how they sign in, who agreed to what."""
