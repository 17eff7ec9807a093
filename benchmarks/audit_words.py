"""What stands under the table of the audits of a million people."""

TOLD = """
{contacts:,} contacts, {companies:,} companies and {deals:,} deals with their roles: {people:,} people in each of two
systems, linked, and deals that nobody linked yet; the pull is not measured. {found:,} findings. The slowest queries:
{slow}. Measured against the goals: {missed}. When it began, {load:.1f} processes were
running on {cores} cores: seconds are those of a machine that is shared so, and CPU seconds are more on a busy one, too.

*Columns* are what every verb makes of a read: typed, matched, canonical. *Face* is what the queries ask: lifecycle,
hand-offs, owners, fields. pandas counts ten simple checks of columns as they came, knowing both systems by heart: the
numbers have to be the same, or the benchmark fails. The whole command takes {whole:.0f} times its time, our ten queries
{queries:.1f} times.

Why the goals are missed where they are: every cell is read and written twice, once as text (columns) and once typed
(face), and each distinct phone, domain and address is parsed once in Python. Queries keep both cores busy most of the
time, so they have to do less to be quicker. Of the whole command the rest is findings: their keys, labels and people
responsible, keeping them, masking them and writing them.

`view show` looks up one customer in the columns that the audit left (`.crmsync/columns/`); with nothing kept it builds
them first, and leaves them. `explain` builds the face besides, for the story of the lifecycle. `view stats` and
`view export` are laid over the columns, too.
"""
