"""How people and programs reach a connector."""
