"""Counts for the sections of a report, read out of a finished face: one question a module."""
