"""One capability each; an area uses the faces (`__init__`) of those below it, nothing else."""
