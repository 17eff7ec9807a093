"""For tests of connectors: the contract every connector keeps, and a proxy that breaks things. Needs pytest."""

import pytest

for _name in ("contract", "contract_http", "contract_ties", "rig"):
    pytest.register_assert_rewrite(f"{__name__}.{_name}")
