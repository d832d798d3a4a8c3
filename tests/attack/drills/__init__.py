"""One drill per file: the docstring says who attacks with what knowledge; `attack` does it."""
