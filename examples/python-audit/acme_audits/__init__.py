"""Audits of Acme, for every workspace of a machine that has this package installed."""
