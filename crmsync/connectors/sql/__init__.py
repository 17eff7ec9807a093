"""Databases as a system, through SQLAlchemy."""
