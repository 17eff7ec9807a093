"""Which people are in the systems twice: one form for every fact, keys, weights by Splink, guards, groups.

Read in this order: `staging` (what records are compared by), `persons` (how two of them are compared, which keys make
them meet, and which guards speak against a pair), `blocks`, `scoring`, `finding`.
"""
