"""Exports as a system: folders of CSV, Excel and Parquet, read only."""
