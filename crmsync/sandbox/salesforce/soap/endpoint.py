"""`/services/Soap/u/{version}`: reads an envelope, checks the session, answers or faults with status 500."""

from __future__ import annotations

from secrets import compare_digest

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from crmsync.sandbox.salesforce.logins import knows_password, user_of
from crmsync.sandbox.salesforce.oauth import expire_token, has_expired, token_seconds
from crmsync.sandbox.salesforce.org import FIRST_VERSION, LAST_VERSION
from crmsync.sandbox.salesforce.soap.calls import OPERATIONS
from crmsync.sandbox.salesforce.soap.envelope import (
    SoapCall,
    SoapFault,
    Values,
    answer_envelope,
    fault_envelope,
    read_envelope,
)
from crmsync.sandbox.salesforce.world import SalesforceWorld

# login() does not exist from 65.0 on, and goes for the others with Summer '27: help.salesforce.com 005132110
# (read 2026-11).
_LAST_WITH_LOGIN = 64
_BAD_LOGIN = "Invalid username, password, security token; or user locked out."


def soap_routes(world: SalesforceWorld) -> list[Route]:
    """The partner endpoint, with and without the organization behind the version."""

    async def answer(request: Request) -> Response:
        raw = await request.body()
        try:
            version = _version(request.path_params["version"])
            content = _answered(world, request, version, read_envelope(raw))
        except SoapFault as fault:
            return Response(fault_envelope(fault), status_code=500, media_type="text/xml")
        finally:
            world.tables.commit()
        return Response(content, media_type="text/xml")

    paths = ("/services/Soap/u/{version}", "/services/Soap/u/{version}/{rest:path}")
    return [Route(path, answer, methods=["POST"]) for path in paths]


def _version(text: str) -> int:
    whole, _, fraction = text.partition(".")
    known = whole.isdecimal() and fraction == "0" and FIRST_VERSION <= int(whole) <= LAST_VERSION
    if not known:
        raise SoapFault("UNSUPPORTED_API_VERSION", f"Invalid Api version specified on URL: {text}")
    return int(whole)


def _answered(world: SalesforceWorld, request: Request, version: int, call: SoapCall) -> bytes:
    if call.operation == "login":
        return answer_envelope("login", [_login(world, request, version, call.given)])
    if not compare_digest(call.session.encode(), world.token.encode()) or has_expired(world):
        message = "Invalid Session ID found in SessionHeader: Illegal Session"
        raise SoapFault("INVALID_SESSION_ID", message)
    operation = OPERATIONS.get(call.operation)
    if operation is None:
        raise SoapFault("soapenv:Client", f"No operation available for request {call.operation}")
    world.count_calls(1)
    world.keep_house()
    return answer_envelope(call.operation, operation(world, call.given))


def _login(world: SalesforceWorld, request: Request, version: int, given: Values) -> Values:
    """A session for an active user who gives the org's secret as password and token in one."""
    if version > _LAST_WITH_LOGIN:
        message = "SOAP API login() is not available in this API version"
        raise SoapFault("UNSUPPORTED_API_VERSION", message)
    if not world.switch("soap_login"):
        raise SoapFault("INVALID_LOGIN", "SOAP API login() is disabled in this org")
    username = str(given.get("username") or "")
    user = user_of(world, username)
    if user is None or not knows_password(world, username, str(given.get("password") or "")):
        raise SoapFault("INVALID_LOGIN", _BAD_LOGIN)
    if has_expired(world):
        expire_token(world)
    here = str(request.base_url).rstrip("/")
    return {
        "metadataServerUrl": f"{here}/services/Soap/m/{version}.0/{world.org_id}",
        "passwordExpired": False,
        "sandbox": True,
        "serverUrl": f"{here}/services/Soap/u/{version}.0/{world.org_id}",
        "sessionId": world.token,
        "userId": user["Id"],
        "userInfo": {
            "organizationId": world.org_id,
            "sessionSecondsValid": int(token_seconds(world)),
            "userEmail": user.get("Email"),
            "userFullName": user.get("Name"),
            "userName": user.get("Username"),
        },
    }
