"""Audit two CRMs, map them in reviewed files, and keep them in step."""

__version__ = "0.1.0"
