"""Two worlds that differ in rows alone must answer alike: `python -m tests.worlds`."""
