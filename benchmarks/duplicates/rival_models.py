"""What Splink is told about each kind of records: what its documentation would say for such columns."""

from __future__ import annotations

import pyarrow as pa

from benchmarks.duplicates import rival_splink


def people(records: pa.Table) -> rival_splink.Scored:
    """People by names, address, numbers, firm and town."""
    import splink.comparison_library as cl

    model = rival_splink.Model(
        """id AS unique_id, tidy_text(first_name) AS first_name, tidy_text(last_name) AS last_name,
        lower(trim(email)) AS email, tidy_number(phone) AS phone, tidy_number(mobile) AS mobile,
        tidy_text(company) AS company, tidy_text(city) AS city""",
        [
            cl.NameComparison("first_name"),
            cl.NameComparison("last_name"),
            cl.EmailComparison("email"),
            cl.ExactMatch("phone"),
            cl.ExactMatch("mobile"),
            cl.JaroWinklerAtThresholds("company", [0.9]),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        [("email",), ("first_name", "last_name"), ("phone",), ("mobile",)],
        [("email",), ("first_name", "last_name", "company")],
        [("email",), ("first_name", "last_name")],
    )
    return rival_splink.run(records, model)


def firms(records: pa.Table) -> rival_splink.Scored:
    """Firms by name, domain, phone, tax id, town and country."""
    import splink.comparison_library as cl

    model = rival_splink.Model(
        """id AS unique_id, tidy_firm(name) AS name, tidy_host(domain) AS domain, tidy_number(phone) AS phone,
        regexp_replace(tax_id, '[^0-9A-Za-z]', '', 'g') AS tax_id, tidy_text(city) AS city,
        tidy_text(country) AS country""",
        [
            cl.JaroWinklerAtThresholds("name", [0.92, 0.88]).configure(
                term_frequency_adjustments=True
            ),
            cl.ExactMatch("domain").configure(term_frequency_adjustments=True),
            cl.ExactMatch("phone"),
            cl.ExactMatch("tax_id"),
            cl.ExactMatch("city").configure(term_frequency_adjustments=True),
            cl.ExactMatch("country").configure(term_frequency_adjustments=True),
        ],
        [("domain",), ("name",), ("phone",), ("tax_id",)],
        [("tax_id",), ("name", "domain")],
        [("domain",), ("name",)],
    )
    return rival_splink.run(records, model)


def febrl(records: pa.Table) -> rival_splink.Scored:
    """The people of FEBRL by names, address, day of birth and social security number."""
    import splink.comparison_library as cl

    names = (
        "given_name", "surname", "street_number", "address_1", "suburb", "postcode", "state", "date_of_birth",
        "soc_sec_id",
    )  # fmt: skip
    model = rival_splink.Model(
        "id AS unique_id, " + ", ".join(f"nullif(trim({name}), '') AS {name}" for name in names),
        [
            cl.NameComparison("given_name"),
            cl.NameComparison("surname"),
            cl.LevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.LevenshteinAtThresholds("soc_sec_id", [1, 2]),
            cl.ExactMatch("street_number"),
            cl.JaroWinklerAtThresholds("address_1", [0.9]),
            cl.ExactMatch("postcode"),
        ],
        [
            ("soc_sec_id",),
            ("given_name", "surname"),
            ("date_of_birth",),
            ("surname", "postcode"),
            ("given_name", "postcode"),
        ],
        [("soc_sec_id",), ("given_name", "surname", "date_of_birth")],
        [("date_of_birth",), ("given_name", "surname")],
    )
    return rival_splink.run(records, model)


def historical(records: pa.Table) -> rival_splink.Scored:
    """People of past centuries by names, day and place of birth, postcode and occupation."""
    import splink.comparison_library as cl

    forename, surname, area = (
        "substr(first_name, 1, 3)",
        "substr(surname, 1, 4)",
        "substr(postcode_fake, 1, 3)",
    )
    model = rival_splink.Model(
        "id AS unique_id, first_name, surname, first_name || ' ' || surname AS first_name_surname_concat, dob,"
        " postcode_fake, birth_place, occupation",
        [
            cl.ForenameSurnameComparison("first_name", "surname",
              forename_surname_concat_col_name="first_name_surname_concat"),
            cl.DateOfBirthComparison("dob", input_is_string=True),
            cl.LevenshteinAtThresholds("postcode_fake", 2),
            cl.ExactMatch("birth_place").configure(term_frequency_adjustments=True),
            cl.ExactMatch("occupation").configure(term_frequency_adjustments=True),
        ],
        [
            (forename, surname), ("surname", "dob"), ("first_name", "dob"), ("postcode_fake", "first_name"),
            ("postcode_fake", "surname"), ("dob", "birth_place"), (area, "dob"), (area, "first_name"), (area,
              "surname"),
        ],
        [("first_name", "surname", "dob"), ("substr(first_name, 1, 2)", "surname", "substr(postcode_fake, 1, 2)"),
         ("dob", "postcode_fake")],
        [("first_name", "surname"), ("dob",)],
    )  # fmt: skip
    return rival_splink.run(records, model)
