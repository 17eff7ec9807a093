"""The state database: what was linked, settled, planned and done. `store.open_store` opens it."""
