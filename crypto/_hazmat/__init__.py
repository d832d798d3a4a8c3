"""Raw primitives. Nothing here checks what it is given; the recipes above do."""
