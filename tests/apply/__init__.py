"""Proofs that what is written can be stopped, resumed and trusted."""
