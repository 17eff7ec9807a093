from __future__ import annotations

from typing import Any

import httpx
import pytest
import soql_people
from soql_people import DATA, ask, error

from crmsync.sandbox.salesforce.world import SalesforceWorld

people = soql_people.people


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("LastName = 'brito'", "Brito"),
        ("LastName != 'Brito' AND LastName != 'Eco'", "Álvarez Cruz d'Ors"),
        ("LastName = 'd\\'Ors'", "d'Ors"),
        ("Email = null", "Cruz d'Ors Eco"),
        ("Email != NULL", "Álvarez Brito"),
        ("Email != 'a@uno.example'", "Brito Cruz d'Ors Eco"),
        ("DoNotCall = true", "Cruz"),
        ("DoNotCall = FALSE AND Title = null", "Eco"),
        ("LastName IN ('Eco', 'cruz', 'Nadie')", "Cruz Eco"),
        ("LastName NOT IN ('Eco','Cruz')", "Álvarez Brito d'Ors"),
        ("Title LIKE 'c_o'", "Álvarez d'Ors"),
        ("Email LIKE '%UNO%'", "Álvarez Brito"),
        ("Title LIKE '50\\%\\_%'", "Brito"),
        ("NOT Title LIKE 'c%'", "Brito Cruz Eco"),
        ("(NOT DoNotCall = true) AND (Title = 'CEO' OR LastName = 'Eco')", "Álvarez d'Ors Eco"),
        ("LastName < 'Cruz' AND Email != null", "Brito"),
        ("LastName >= 'd' AND LastName <= 'Eco'", "d'Ors Eco"),
        ("Birthdate = 1980-05-01", "Cruz"),
        ("Birthdate < 1980-05-02", "Cruz"),
        ("CreatedDate >= 2026-11-20T00:00:00Z", "Álvarez Brito Cruz"),
        ("CreatedDate > 2026-11-20T00:59:59+01:00", "Álvarez Brito Cruz"),
        ("CreatedDate = TODAY", "Álvarez Brito Cruz"),
        ("CreatedDate = YESTERDAY", "d'Ors"),
        ("CreatedDate < YESTERDAY", "Eco"),
        ("CreatedDate = LAST_N_DAYS:9", "Álvarez Brito Cruz d'Ors"),
        ("CreatedDate > LAST_N_DAYS:10 OR LastName = 'Eco'", "Eco"),
        ("Birthdate != TODAY", "Álvarez Brito Cruz d'Ors Eco"),
        ("Account.Name = 'Uno'", "Álvarez Brito"),
        ("Account.Parent.Name = 'Uno'", "Cruz"),
        ("Account.NumberOfEmployees > 10.5", "Cruz"),
        ("AccountId IN (SELECT Id FROM Account WHERE NumberOfEmployees = 10)", "Álvarez Brito"),
        ("Id NOT IN (SELECT ContactId FROM OpportunityContactRole)", "Brito Cruz d'Ors Eco"),
        ("Contact.LastName = 'Eco'", "Eco"),
    ],
)
def test_a_condition_picks_the_rows_it_means(
    api: httpx.Client, people: SalesforceWorld, condition: str, names: str
) -> None:
    found = ask(api, f"SELECT LastName FROM Contact WHERE {condition}")
    assert [row["LastName"] for row in found["records"]] == names.split()
    assert found["totalSize"] == len(names.split())
    assert found["done"] is True


def test_an_id_is_found_in_either_form(api: httpx.Client, people: SalesforceWorld) -> None:
    id_ = people.tables.ids("Contact")[1]
    for text in (id_, id_[:15], id_.lower()):
        found = ask(api, f"SELECT Id FROM Contact WHERE Id = '{text}' OR Id IN ('{text}')")
        assert [row["Id"] for row in found["records"]] == [id_]
        found = ask(api, f"SELECT Id FROM Contact WHERE Id IN ('{text}') AND Title = '50%_off'")
        assert [row["Id"] for row in found["records"]] == [id_]


def test_fields_come_in_the_order_selected(api: httpx.Client, people: SalesforceWorld) -> None:
    (row,) = ask(api, "select title, ID, email from contact where lastname = 'Brito'")["records"]
    assert list(row) == ["attributes", "Title", "Id", "Email"]
    assert row["attributes"] == {"type": "Contact", "url": f"{DATA}/sobjects/Contact/{row['Id']}"}


def test_parents_are_nested_and_null_where_there_are_none(
    api: httpx.Client, people: SalesforceWorld
) -> None:
    soql = "SELECT LastName, Account.Name, Account.Owner.Email, Account.Parent.Name FROM Contact c"
    rows = {row["LastName"]: row for row in ask(api, soql)["records"]}
    account = rows["Cruz"]["Account"]
    assert list(account) == ["attributes", "Name", "Owner", "Parent"]
    assert account["attributes"]["type"] == "Account"
    assert account["Owner"]["Email"] == "integration@sandbox.example"
    assert account["Parent"]["Name"] == "Uno"
    assert rows["Brito"]["Account"]["Parent"] is None
    assert rows["Eco"]["Account"] is None


def test_a_compound_address_is_an_object(api: httpx.Client, org: SalesforceWorld) -> None:
    org.put("Account", {"Name": "Uno", "BillingCity": "Lugo"})
    (row,) = ask(api, "SELECT BillingAddress, ShippingAddress FROM Account")["records"]
    assert list(row["BillingAddress"]) == [
        *("city", "country", "geocodeAccuracy", "latitude", "longitude"),
        *("postalCode", "state", "street"),
    ]
    assert row["ShippingAddress"] is None


def test_children_are_a_result_of_their_own_or_null(
    api: httpx.Client, people: SalesforceWorld
) -> None:
    soql = (
        "SELECT Name, (SELECT LastName FROM Contacts WHERE Email != null ORDER BY LastName DESC "
        "LIMIT 1), (SELECT Amount FROM Opportunities) FROM Account ORDER BY Name"
    )
    dos, tres, uno = ask(api, soql)["records"]
    assert (dos["Contacts"], dos["Opportunities"], tres["Contacts"]) == (None, None, None)
    assert (uno["Contacts"]["totalSize"], uno["Contacts"]["done"]) == (1, True)
    assert uno["Contacts"]["records"][0]["LastName"] == "Álvarez"
    assert uno["Opportunities"]["records"][0]["Amount"] == 50.0
    soql = "SELECT (SELECT Role, Contact.LastName FROM OpportunityContactRoles) FROM Opportunity"
    (role,) = ask(api, soql)["records"][0]["OpportunityContactRoles"]["records"]
    assert (role["Role"], role["Contact"]["LastName"]) == ("Evaluator", "Álvarez")


def test_a_bare_count_is_a_total_without_rows(api: httpx.Client, people: SalesforceWorld) -> None:
    soql = "SELECT COUNT() FROM Contact WHERE Email != null"
    assert ask(api, soql) == {"totalSize": 2, "done": True, "records": []}


def test_aggregates_fold_the_values_that_are_there(
    api: httpx.Client, people: SalesforceWorld
) -> None:
    soql = (
        "SELECT COUNT(Id) n, COUNT(ParentId), MIN(Name), MAX(Name), SUM(NumberOfEmployees), "
        "AVG(NumberOfEmployees) mean, SUM(AnnualRevenue), COUNT_DISTINCT(OwnerId) FROM Account"
    )
    (row,) = ask(api, soql)["records"]
    assert row == {
        "attributes": {"type": "AggregateResult"},
        "n": 3,
        "expr0": 1,
        "expr1": "Dos",
        "expr2": "Uno",
        "expr3": 40,
        "mean": 20.0,
        "expr4": 100.0,
        "expr5": 1,
    }


def test_groups_are_counted_and_sorted(api: httpx.Client, people: SalesforceWorld) -> None:
    soql = (
        "SELECT Account.Name who, COUNT(Id) FROM Contact WHERE AccountId != null "
        "GROUP BY Account.Name ORDER BY COUNT(Id) DESC"
    )
    rows = ask(api, soql)["records"]
    assert [(row["who"], row["expr0"]) for row in rows] == [("Uno", 2), ("Dos", 1)]


@pytest.mark.parametrize(
    ("soql", "code", "message"),
    [
        ("SELECT Id FROM XYZZY", "INVALID_TYPE", "sObject type 'XYZZY' is not supported."),
        ("SELECT Foo FROM Contact", "INVALID_FIELD", "No such column 'Foo' on entity 'Contact'."),
        ("SELECT Id, id FROM Contact", "INVALID_FIELD", "duplicate field selected: Id"),
        ("SELECT Boss.Name FROM Contact", "INVALID_FIELD", "understand relationship 'Boss'"),
        ("SELECT Id FROM Contact WHERE Foo = 1", "INVALID_FIELD", "No such column 'Foo'"),
        ("SELECT Id FROM Contact ORDER BY Foo", "INVALID_FIELD", "No such column 'Foo'"),
        (
            "SELECT (SELECT Foo FROM Contacts) FROM Account",
            "INVALID_FIELD",
            "No such column 'Foo' on entity 'Contact'",
        ),
        ("SELECT (SELECT Id FROM Pets) FROM Account", "INVALID_TYPE", "relationship 'Pets'"),
        (
            "SELECT Id FROM Contact WHERE Description LIKE 'x'",
            "INVALID_FIELD",
            "field 'Description' can not be filtered in a query call",
        ),
        (
            "SELECT Id FROM Contact ORDER BY Description",
            "INVALID_FIELD",
            "field 'Description' can not be sorted in a query call",
        ),
        (
            "SELECT Id FROM Contact WHERE CreatedDate > '2026-11-20T00:00:00Z'",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Contact WHERE Email = 5",
            "INVALID_FIELD",
            "must be of type string and should be enclosed in quotes",
        ),
        (
            "SELECT Id FROM Contact WHERE Id = 'x'",
            "INVALID_QUERY_FILTER_OPERATOR",
            "invalid ID field: x",
        ),
        ("SELECT Id FORM Contact", "MALFORMED_QUERY", "unexpected token: 'FORM'"),
        ("SELECT FROM Contact", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Contact WHERE", "MALFORMED_QUERY", "unexpected token: '<EOF>'"),
        ("SELECT Id FROM Contact LIMIT x", "MALFORMED_QUERY", "unexpected token: 'x'"),
        ("SELECT Id FROM Contact WHERE Id = 'x", "MALFORMED_QUERY", "unexpected token"),
        ("SELECT Id FROM Contact WHERE Email = SOON", "MALFORMED_QUERY", "'SOON'"),
        (
            "SELECT Id FROM Contact WHERE Id = null AND Id = null OR Id = null",
            "MALFORMED_QUERY",
            "unexpected token: 'OR'",
        ),
        (
            "SELECT LastName, COUNT(Id) FROM Contact",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated: LastName",
        ),
        ("SELECT FIELDS(ALL) FROM Contact", "MALFORMED_QUERY", "LIMIT of at most 200"),
        (f"SELECT Id FROM Contact{' ' * 100_000}", "MALFORMED_QUERY", "100000 characters"),
        ("", "MALFORMED_QUERY", "has to be specified"),
    ],
)
def test_a_wrong_query_is_refused_by_name(
    org: SalesforceWorld, api: httpx.Client, soql: str, code: str, message: str
) -> None:
    if len(soql) > 10_000:  # a GET could not carry it
        call = {"method": "GET", "url": f"{DATA}/query?q={soql}", "referenceId": "q"}
        answer = api.post(f"{DATA}/composite", json={"compositeRequest": [call]}).json()
        (found,) = answer["compositeResponse"][0]["body"]
        assert (found["errorCode"], message in found["message"]) == (code, True)
        return
    found_code, found_message = error(api, soql)
    assert found_code == code
    assert message in found_message


def test_an_error_points_at_its_place(api: httpx.Client) -> None:
    _, message = error(api, "select count() from XYZZY")
    lines = message.split("\n")
    assert lines[1] == "select count() from XYZZY"
    assert lines[2].index("^") == lines[1].index("XYZZY")
    assert lines[3] == "ERROR at Row:1:Column:21"


def test_fields_functions_select_many(api: httpx.Client, people: SalesforceWorld) -> None:
    (row,) = ask(api, "SELECT FIELDS(ALL) FROM Account LIMIT 1")["records"]
    assert {"Name", "crmsync_key__c", "BillingAddress"} <= set(row)
    (row,) = ask(api, "SELECT FIELDS(STANDARD) FROM Account LIMIT 1")["records"]
    assert "crmsync_key__c" not in row
    (row,) = ask(api, "SELECT Id, FIELDS(CUSTOM) FROM Account LIMIT 1")["records"]
    assert list(row) == ["attributes", "Id", "crmsync_key__c", "Tax_ID__c"]


@pytest.mark.parametrize(
    ("literal", "days"),
    [
        # Today is a Friday, 2026-11-20; weeks begin on Sunday.
        ("TODAY", "11-20"),
        ("TOMORROW", "11-21"),
        ("THIS_WEEK", "11-15 11-20 11-21"),
        ("LAST_WEEK", "11-08 11-14"),
        ("NEXT_WEEK", "11-22"),
        ("LAST_MONTH", "10-01 10-31"),
        ("NEXT_MONTH", "12-01"),
        ("THIS_QUARTER", "10-01 10-31 11-08 11-14 11-15 11-20 11-21 11-22 12-01"),
        ("LAST_QUARTER", "09-30"),
        ("LAST_N_WEEKS:1", "11-08 11-14"),
        ("NEXT_N_WEEKS:1", "11-22"),
        ("N_DAYS_AGO:5", "11-15"),
        ("N_WEEKS_AGO:1", "11-08 11-14"),
        ("LAST_N_MONTHS:2", "09-30 10-01 10-31"),
        ("N_MONTHS_AGO:2", "09-30"),
        ("N_QUARTERS_AGO:1", "09-30"),
        ("THIS_FISCAL_YEAR", "09-30 10-01 10-31 11-08 11-14 11-15 11-20 11-21 11-22 12-01"),
        ("LAST_YEAR", ""),
        ("LAST_90_DAYS", "09-30 10-01 10-31 11-08 11-14 11-15 11-20"),
        ("NEXT_90_DAYS", "11-21 11-22 12-01"),
        ("LAST_N_YEARS:3", ""),
    ],
)
def test_a_date_literal_covers_its_days(
    api: httpx.Client, org: SalesforceWorld, literal: str, days: str
) -> None:
    every = "09-30 10-01 10-31 11-08 11-14 11-15 11-20 11-21 11-22 12-01"
    for day in every.split():
        org.put("Contact", {"LastName": day, "Birthdate": f"2026-{day}"})
    found = ask(api, f"SELECT LastName FROM Contact WHERE Birthdate = {literal} ORDER BY LastName")
    assert [row["LastName"] for row in found["records"]] == days.split()


@pytest.mark.parametrize("literal", ["LAST_N_WEEKS", "THIS_WEEK:2", "N_DAYS_AGO", "LAST_DECADE"])
def test_a_date_literal_with_a_number_too_many_or_too_few_is_malformed(
    api: httpx.Client, literal: str
) -> None:
    soql = f"SELECT Id FROM Contact WHERE CreatedDate = {literal}"
    answer = api.get(f"{DATA}/query", params={"q": soql})
    assert answer.json()[0]["errorCode"] == "MALFORMED_QUERY"


def test_having_keeps_the_groups_it_means(api: httpx.Client, people: SalesforceWorld) -> None:
    def groups(condition: str) -> list[Any]:
        soql = "SELECT Account.Name n, COUNT(Id) c FROM Contact GROUP BY Account.Name HAVING "
        return [(row["n"], row["c"]) for row in ask(api, soql + condition)["records"]]

    assert groups("COUNT(Id) > 1 AND Account.Name != null") == [("Uno", 2)]
    assert groups("Account.Name IN ('dos', 'tres') OR NOT COUNT(Id) < 2")[0] == ("Dos", 1)
    for wrong in ("COUNT() > 1", "LastName = 'x'"):
        soql = f"SELECT COUNT(Id) FROM Contact GROUP BY AccountId HAVING {wrong}"
        answer = api.get(f"{DATA}/query", params={"q": soql})
        assert answer.json()[0]["errorCode"] == "MALFORMED_QUERY"
    answer = api.get(f"{DATA}/query", params={"q": "SELECT Id FROM Contact WHERE COUNT(Id) > 1"})
    assert answer.json()[0]["errorCode"] == "MALFORMED_QUERY"


def test_several_options_are_asked_for_by_includes(api: httpx.Client, org: SalesforceWorld) -> None:
    org.define_field("Contact", "Likes__c", "multipicklist", picklist=["a", "b", "c"])
    for name, likes in (("one", "a"), ("two", "a;b"), ("three", "b;c"), ("none", None)):
        org.put("Contact", {"LastName": name, "Likes__c": likes})

    def names(condition: str) -> list[str]:
        rows = ask(api, f"SELECT LastName FROM Contact WHERE Likes__c {condition}")["records"]
        return [row["LastName"] for row in rows]

    assert names("INCLUDES ('a;b', 'c')") == ["two", "three"]
    assert names("EXCLUDES ('a')") == ["three", "none"]
    answer = api.get(
        f"{DATA}/query", params={"q": "SELECT Id FROM Contact WHERE LastName INCLUDES ('a')"}
    )
    assert answer.json()[0]["errorCode"] == "INVALID_FIELD"


def test_for_view_changes_nothing(api: httpx.Client, people: SalesforceWorld) -> None:
    assert ask(api, "SELECT Id FROM Contact LIMIT 1 FOR VIEW")["totalSize"] == 1
    answer = api.get(f"{DATA}/query", params={"q": "SELECT Id FROM Contact FOR EVER"})
    assert answer.json()[0]["errorCode"] == "MALFORMED_QUERY"
