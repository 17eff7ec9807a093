"""Whatever is said while somebody signs in, a cassette keeps nothing of it that opens an org or names a person."""

from __future__ import annotations

from typing import Any

import pytest
from vcr.request import Request

from recorded.tape import TOKEN, got, sent

NETLOC = "acme.my.salesforce.com"
HOST = "https://recorded.my.salesforce.example"
SECRETS = ("s3cr3t", "00Dxx!AQ4", "integration%40acme", "integration@acme", "Acme Inc", NETLOC)
ENVELOPE = (
    "<urn:login><urn:username>integration@acme.example</urn:username>"
    "<urn:password>s3cr3t&amp;more</urn:password></urn:login>"
)
HEADER = '<h:SessionHeader><h:sessionId xsi:type="xsd:string">00Dxx!AQ4.s3cr3t</h:sessionId></h:SessionHeader>'


@pytest.mark.parametrize(
    ("path", "body", "kept"),
    [
        (
            "/services/oauth2/token",
            "grant_type=password&username=integration%40acme.example&password=s3cr3t&client_id=s3cr3t",
            "grant_type=password&",
        ),
        ("/services/oauth2/token", "assertion=s3cr3t&grant_type=jwt", "&grant_type=jwt"),
        (
            "/services/oauth2/introspect",
            "token=00Dxx!AQ4.s3cr3t&token_type_hint=access_token&client_secret=s3cr3t",
            "&token_type_hint=access_token&",
        ),
        ("/services/oauth2/revoke", "token=00Dxx!AQ4.s3cr3t", "token="),
        ("/services/oauth2/revoke?token=00Dxx!AQ4.s3cr3t&format=json", "", "format=json"),
        ("/services/Soap/u/64.0", ENVELOPE, "<urn:login><urn:username>"),
        ("/services/Soap/u/64.0", HEADER, "<h:SessionHeader>"),
    ],
)
def test_a_request_to_sign_in_is_kept_without_its_secrets(path: str, body: str, kept: str) -> None:
    headers = {"Authorization": "Bearer 00Dxx!AQ4.s3cr3t", "Cookie": "sid=s3cr3t"}
    request = sent(Request("POST", f"https://{NETLOC}{path}", body.encode(), headers), HOST)
    text = f"{request.uri} {(request.body or b'').decode()} {request.headers}"
    assert [one for one in SECRETS if one in text] == []
    assert kept in text
    assert TOKEN in text.replace(f"Bearer {TOKEN}", "")


@pytest.mark.parametrize(
    "body",
    [
        f'{{"access_token": "00Dxx!AQ4.s3cr3t", "instance_url": "https://{NETLOC}", "id_token":"s3cr3t"}}',
        '{"active":true,"username":"integration@acme.example","client_id":"s3cr3t","exp":1}',
        f"<result><serverUrl>https://acme-api.my.salesforce.com/services/Soap/u/64.0</serverUrl>"
        f"<sessionId>00Dxx!AQ4.s3cr3t</sessionId><userName>integration@acme.example</userName>"
        f"<organizationName>Acme Inc</organizationName><url>https://{NETLOC}/x</url></result>",
    ],
)
def test_an_answer_to_a_login_is_kept_without_its_secrets(body: str) -> None:
    answer: dict[str, Any] = {
        "headers": {"Set-Cookie": ["sid=s3cr3t"], "Content-Type": ["text/xml"]},
        "body": {"string": body.encode()},
    }
    text = str(got(answer, HOST, NETLOC))
    assert [one for one in (*SECRETS, "acme-api") if one in text] == []
    assert TOKEN in text


def test_what_a_query_asks_is_kept_as_it_was() -> None:
    uri = f"https://{NETLOC}/services/data/v67.0/query/?q=SELECT+Id+FROM+User&token=kept"
    request = sent(Request("GET", uri, b"", {}), HOST)
    assert request.uri == HOST + "/services/data/v67.0/query/?q=SELECT+Id+FROM+User&token=kept"
