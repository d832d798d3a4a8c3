"""The console: pages for people, drawn on the server; areas declare them, this room shows them."""
