"""Private questions: who may ask what, masked answers, and asking them of others."""
