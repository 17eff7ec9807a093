"""How well duplicates are found: invented CRMs whose truth is known, measures, and other people's engines."""
