"""HTTP both ways: the connection that serves, and the one way out to other parties."""
