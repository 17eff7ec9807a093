"""Which people, companies and deals are in the systems twice: one form for every fact, keys, weights, guards, groups.

Read in this order: `staging` (what records are compared by), `persons` (how two of them are compared, which keys make
them meet, and which guards speak against a pair), `blocks`, `scoring`, `finding`. Companies (`firms`) and deals
(`deals`) are laid out in the same way and searched by the same engine.
"""
