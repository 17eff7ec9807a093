"""What each exit code means, in the words `crmsync exit-codes` prints."""

from __future__ import annotations

from crmsync.errors import ExitCode
from crmsync.language import N_

MEANINGS: dict[ExitCode, str] = {
    ExitCode.OK: N_("done; also a plan with changes or conflicts in it"),
    ExitCode.FAILED: N_("the run failed; the message says what and what helps"),
    ExitCode.USAGE: N_("the command line was not understood"),
    ExitCode.CONFIG_INVALID: N_("configuration, mapping or audit file invalid"),
    ExitCode.GATE_FAILED: N_("a gate failed: audit threshold, or a breaking mapping change"),
    ExitCode.CHANGES_PRESENT: N_("the plan holds changes (only with --detailed-exitcode)"),
    ExitCode.PARTIAL: N_(
        "partly done; the message says how to go on: crmsync resume RUN, or a new plan"
    ),
    ExitCode.LIMIT: N_("a limit stopped it; nothing was written"),
    ExitCode.ACCESS: N_("wrong credential, or a scope or permission is missing"),
    ExitCode.STALE: N_("the plan is stale, or the state is: the message says which and what helps"),
    ExitCode.CONFLICTS: N_("conflicts need a person"),
    ExitCode.TRY_LATER: N_("try later: a lock is held, or the call budget is spent"),
    ExitCode.INTERRUPTED: N_("interrupted; the state is saved"),
}
