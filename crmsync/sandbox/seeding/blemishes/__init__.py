"""Blemishes: customers added to a seed who have exactly one defect each, so that every audit can be put to the proof.

One module a topic; each has a table `BLEMISHES` from the id of an audit to a function that adds what that audit must
find, and says so. `crmsync/sandbox/blemished.py` puts the tables together and applies them.
"""
