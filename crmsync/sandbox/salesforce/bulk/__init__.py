"""Bulk API 2.0 of the simulated Salesforce: query jobs, ingest jobs, and their CSV."""
