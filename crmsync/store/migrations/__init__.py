"""The history of the tables, run by `crmsync.store.schema`. A new table or column starts here."""
