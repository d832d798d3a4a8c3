"""Data products: publishing a file as a protected table, and what is published."""
