"""Rig P: a simulated world of two or three systems, moved by the pure core alone."""
