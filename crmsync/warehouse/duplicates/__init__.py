"""Which people, companies and deals are in the systems twice: one form for every fact, keys, weights, guards, groups.

Read in this order: `staging` (what records are compared by), `persons` (how two of them are compared, and which keys
make them meet), `persons_guards` (what speaks against a pair), `blocks`, `estimating`, `scoring`, `guarding` and
`finding`; then `changing` (the search over what changed). Companies (`firms`) and deals (`deals`) are laid out in the
same way and searched by the same engine. `asked`, `grouping` and `grouped` are for the records of a workspace.
"""
