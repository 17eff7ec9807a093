"""Communication preferences over HTTP, in the words of v3 and of v4."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from crmsync.sandbox.hubspot import consent
from crmsync.sandbox.hubspot.calls import Answer, Call, listed, mapping
from crmsync.sandbox.hubspot.consent import NOT_SPECIFIED, SUBSCRIBED, UNSUBSCRIBED
from crmsync.sandbox.hubspot.envelopes import envelope
from crmsync.sandbox.hubspot.errors import Body, Refusal, invalid, malformed
from crmsync.sandbox.hubspot.portal import Portal
from crmsync.sandbox.hubspot.validation import is_email
from crmsync.sandbox.tables import Row

# The public specification's enumeration (read 2026-11).
LEGAL_BASES = (
    "LEGITIMATE_INTEREST_PQL",
    "LEGITIMATE_INTEREST_CLIENT",
    "LEGITIMATE_INTEREST_OTHER",
    "PERFORMANCE_OF_CONTRACT",
    "CONSENT_WITH_NOTICE",
    "NON_GDPR",
    "PROCESS_AND_STORE",
)
_BATCH = 100


def definitions_v3(portal: Portal, call: Call) -> Answer:
    """What people can be subscribed to."""
    return Answer(200, {"subscriptionDefinitions": consent.subscription_types(portal)})


def status_v3(portal: Portal, call: Call) -> Answer:
    """How an address stands to each type; whoever said nothing is not subscribed."""
    email = call.path["email"]
    statuses = [_told_v3(portal, email, one) for one in consent.subscription_types(portal)]
    return Answer(200, {"recipient": email, "subscriptionStatuses": statuses})


def _told_v3(portal: Portal, email: str, one: Row) -> Body:
    status = consent.status_of(portal, email, one["id"])
    everything = consent.consent_of(portal, email)["all"]
    return {
        "id": one["id"],
        "name": one["name"],
        "description": one["description"],
        "status": SUBSCRIBED if status == SUBSCRIBED else "NOT_SUBSCRIBED",
        "sourceOfStatus": "PORTAL_WIDE_STATUS" if everything else "SUBSCRIPTION_STATUS",
        **_basis_of(portal, email, one["id"]),
    }


def subscribe_v3(portal: Portal, call: Call) -> Answer:
    """200 with the status; 400 if the address is subscribed already."""
    return _change_v3(portal, call, SUBSCRIBED)


def unsubscribe_v3(portal: Portal, call: Call) -> Answer:
    """200 with the status; 400 if the address is not subscribed any more."""
    return _change_v3(portal, call, UNSUBSCRIBED)


def _change_v3(portal: Portal, call: Call, status: str) -> Answer:
    body = call.fields()
    email, one = _email(body.get("emailAddress")), _type(portal, body.get("subscriptionId"))
    basis = _basis(portal, body)
    if consent.status_of(portal, email, one["id"]) == status:
        # Seen of unsubscribing twice: public clients' logs (read 2026-11).
        words = "subscribed to" if status == SUBSCRIBED else "unsubscribed from"
        raise invalid(f"{email} is already {words} subscription {one['id']}")
    _check_resubscribe(portal, email, one["id"], status)
    consent.set_status(portal, email, one["id"], status, basis)
    return Answer(200, _told_v3(portal, email, one))


def definitions_v4(portal: Portal, call: Call) -> Answer:
    """The same in the envelope of v4."""
    return envelope(portal, 200, consent.subscription_types(portal), [])


def statuses_v4(portal: Portal, call: Call) -> Answer:
    """How an address stands to each type, or to one that is asked for."""
    _channel(call.one("channel") or "EMAIL")
    return envelope(
        portal, 200, _statuses(portal, call.path["email"], call.one("subscriptionId")), []
    )


def _statuses(portal: Portal, email: str, only: str | None = None) -> list[Body]:
    return [
        _told_v4(portal, email, one)
        for one in consent.subscription_types(portal)
        if only in (None, one["id"])
    ]


def set_status_v4(portal: Portal, call: Call) -> Answer:
    """200 with what came of one change."""
    return envelope(portal, 200, [_set(portal, call.path["email"], call.fields())], [])


def _set(portal: Portal, asked: Any, body: dict[str, Any]) -> Body:
    email, one = _email(asked), _type(portal, body.get("subscriptionId"))
    _channel(body.get("channel"))
    status = body.get("statusState")
    if status not in (SUBSCRIBED, UNSUBSCRIBED, NOT_SPECIFIED):
        raise invalid(f"Invalid statusState {status}")
    basis = _basis(portal, body)
    _check_resubscribe(portal, email, one["id"], status)
    reason = consent.set_status(portal, email, one["id"], status, basis)
    return {**_told_v4(portal, email, one), "setStatusSuccessReason": reason}


def _told_v4(portal: Portal, email: str, one: Row) -> Body:
    known = consent.consent_of(portal, email)
    at = known["all"] or known["types"].get(one["id"], {}).get("at") or one["createdAt"]
    return {
        "channel": "EMAIL",
        "subscriberIdString": email,
        "subscriptionId": int(one["id"]),
        "subscriptionName": one["name"],
        "status": consent.status_of(portal, email, one["id"]),
        # The words of the real one were not seen.
        "source": "PORTAL_WIDE_STATUS" if known["all"] else "SUBSCRIPTION_STATUS",
        "timestamp": at,
        "businessUnitId": 0,
        "legalBasis": None,
        "legalBasisExplanation": None,
        "setStatusSuccessReason": None,
        **_basis_of(portal, email, one["id"]),
    }


def opted_out_v4(portal: Portal, call: Call) -> Answer:
    """Empty results: the address has not opted out of everything."""
    _channel(call.one("channel"))
    return envelope(portal, 200, _opted_out(portal, call.path["email"]), [])


def _opted_out(portal: Portal, email: str) -> list[Body]:
    return _statuses(portal, email) if consent.consent_of(portal, email)["all"] else []


def opt_out_v4(portal: Portal, call: Call) -> Answer:
    """200; without `verbose` it says nothing of what it did."""
    _channel(call.one("channel"))
    results = _opt_out(portal, _email(call.path["email"]))
    return envelope(portal, 200, results if call.flag("verbose") else [], [])


def _opt_out(portal: Portal, email: str) -> list[Body]:
    reason = consent.opt_out_of_all(portal, email)
    return [{**one, "setStatusSuccessReason": reason} for one in _statuses(portal, email)]


def batch_read_v4(portal: Portal, call: Call) -> Answer:
    """How each of up to 100 addresses stands."""
    return _each(portal, call, lambda email: _by_address(portal, email, _statuses(portal, email)))


def batch_opted_out_v4(portal: Portal, call: Call) -> Answer:
    """Which of up to 100 addresses opted out of everything."""
    return _each(portal, call, lambda email: _by_address(portal, email, _opted_out(portal, email)))


def batch_opt_out_v4(portal: Portal, call: Call) -> Answer:
    """Opts up to 100 addresses out of everything."""
    return _each(
        portal, call, lambda email: _by_address(portal, email, _opt_out(portal, _email(email)))
    )


def batch_write_v4(portal: Portal, call: Call) -> Answer:
    """Changes up to 100 statuses; 207 for those refused."""

    def write(told: Any) -> Body:
        one = mapping(told, "inputs")
        return _set(portal, one.get("subscriberIdString"), one)

    return _batch(portal, call, write)


def _each(portal: Portal, call: Call, do: Callable[[str], Body]) -> Answer:
    """The same for each address of a batch, which must be text."""

    def one(told: Any) -> Body:
        if not isinstance(told, str):
            raise malformed("Cannot deserialize value of type `java.lang.String` from inputs")
        return do(told)

    return _batch(portal, call, one)


def _by_address(portal: Portal, email: str, statuses: list[Body]) -> Body:
    return {"subscriberIdString": email, "statuses": statuses}


def _batch(portal: Portal, call: Call, do: Callable[[Any], Body]) -> Answer:
    """Only authorisable on Marketing Hub Enterprise: developers.hubspot.com, subscriptions (read 2026-11)."""
    if not portal.switches.batch_consent:
        scopes = ["communication_preferences.statuses.batch.read"]
        raise Refusal(
            403,
            "One or more of the following scopes are required.",
            "MISSING_SCOPES",
            context={"requiredGranularScopes": scopes},
        )
    asked = listed(call.fields(), "inputs")
    if len(asked) > _BATCH:
        raise invalid(f"The maximum number of inputs supported in a batch is {_BATCH}.")
    results, errors = [], []
    for one in asked:
        try:
            results.append(do(one))
        except Refusal as refusal:
            errors.append(refusal.item())
    return envelope(portal, 200, results, errors)


def _email(told: Any) -> str:
    email = str(told or "").strip()
    if not is_email(email):
        raise invalid(f"Email address {email} is invalid")
    return email


def _channel(told: Any) -> None:
    if told != "EMAIL":
        raise invalid(f"Invalid channel {told}")


def _type(portal: Portal, told: Any) -> Row:
    for one in consent.subscription_types(portal):
        if one["id"] == str(told):
            return one
    # The real wording was not seen.
    raise Refusal(404, f"Subscription {told} does not exist", "OBJECT_NOT_FOUND")


def _basis(portal: Portal, body: dict[str, Any]) -> dict[str, str]:
    """The legal basis told; Refusal 400 if there is none where the account asks for one."""
    told = {
        name: str(body[name]) for name in ("legalBasis", "legalBasisExplanation") if body.get(name)
    }
    if "legalBasis" in told and told["legalBasis"] not in LEGAL_BASES:
        raise invalid(f"Invalid legalBasis {told['legalBasis']}")
    if portal.switches.privacy_settings and len(told) < 2:
        raise invalid("legalBasis and legalBasisExplanation are required by the privacy settings")
    return told


def _basis_of(portal: Portal, email: str, type_id: str) -> dict[str, str]:
    known = consent.consent_of(portal, email)["types"].get(type_id, {})
    return {name: known[name] for name in ("legalBasis", "legalBasisExplanation") if name in known}


def _check_resubscribe(portal: Portal, email: str, type_id: str, status: str) -> None:
    before = consent.status_of(portal, email, type_id)
    if status == SUBSCRIBED and before == UNSUBSCRIBED and not portal.switches.resubscribe:
        raise invalid(f"{email} has opted out and cannot be subscribed again")
