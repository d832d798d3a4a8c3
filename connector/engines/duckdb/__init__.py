"""DuckDB inside the connector: reads the owner's CSV or Parquet file, groups, checks the figures.

`duckdb` is imported when the first product is published, so that an idle connector stays small.
"""
