"""Areas: one capability each. An area uses the faces (`__init__`) of those below it, nothing else."""
