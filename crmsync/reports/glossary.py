"""The words a reader of the report may not know, in the order they help."""

from __future__ import annotations

from crmsync.language import N_, translate

TERMS: tuple[tuple[str, str], ...] = (
    (
        N_("Audit"),
        N_("One question asked of the data. Its answer is the list of records it objects to."),
    ),
    (N_("Finding"), N_("One record, or one customer, that an audit objects to.")),
    (
        N_("Eligible"),
        N_("The records an audit looked at. A share of findings is a share of these."),
    ),
    (
        N_("Blocks a sync"),
        N_(
            "A sync writes nothing but consent to the customers this audit names, unless the same plan settles what it "
            "found."
        ),
    ),
    (
        N_("Contact role"),
        N_(
            "What a contact does in a deal: decides, pays, uses. Salesforce keeps it on the opportunity,"
            " HubSpot as an association label."
        ),
    ),
    (
        N_("Lifecycle stage"),
        N_("How far a contact or company has come, from subscriber to customer."),
    ),
    (
        N_("Deal"),
        N_("A possible sale: an opportunity in Salesforce, a deal in HubSpot."),
    ),
    (N_("Company"), N_("An organisation: an account in Salesforce, a company in HubSpot.")),
    (N_("Opt-out"), N_("A person asked not to be written to. It only ever grows.")),
    (N_("Conflict"), N_("Two systems changed the same field differently. A person decides.")),
    (N_("Key"), N_("The one identifier of a customer across all systems.")),
    (
        N_("Masked"),
        N_("Names, addresses and phones are cut to initials; the links lead to the records."),
    ),
)


def terms(language: str) -> list[tuple[str, str]]:
    """Terms and what they mean, in a language."""
    return [(translate(term, language), translate(text, language)) for term, text in TERMS]
