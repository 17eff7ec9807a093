"""What a type has to know about one field in one system, beyond the text itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Spec:
    """The parameters of one field as one system holds it.

    `values` maps native picklist values to ours (empty: they are the same). `region` is an ISO 3166
    country for phones without a prefix, `country` the one whose tax ids are checked, `currency` ISO 4217,
    `timezone` an IANA name used only where one side keeps a date and the other an instant.
    `native_is_instant` says which side this is.
    """

    type: str
    region: str | None = None
    country: str | None = None
    currency: str = ""
    timezone: str = "UTC"
    values: Mapping[str, str] = field(default_factory=dict)
    native_is_instant: bool = False

    def within(self, country: str | None) -> Spec:
        """The same for a record of this country; None knows no better than the mapping."""
        return self if country is None else replace(self, region=country, country=country)

    def to_native(self, ours: str) -> str | None:
        """The native picklist value of one of ours: the first that maps to it, None if none does."""
        if not self.values:
            return ours
        return next((native for native, value in self.values.items() if value == ours), None)
