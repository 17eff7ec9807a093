"""Reading many records by query jobs of Bulk API 2.0: CSV, in the same wire-normal form as by REST."""
