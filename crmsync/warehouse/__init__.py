"""The columns: Parquet and DuckDB. Whatever touches all records happens here, and nothing row by row."""
