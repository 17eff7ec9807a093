"""SOAP envelopes: a request read into plain values, an answer or a fault written.

Partner WSDL namespaces; the form of faults as simple-salesforce reads them (login.py, read 2026-11).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" '
    'xmlns="urn:partner.soap.sforce.com" xmlns:sf="urn:fault.partner.soap.sforce.com" '
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>'
)
_TAIL = "</soapenv:Body></soapenv:Envelope>"
# A value of an element: its text, or its children; a name given several times is a list.
Values = dict[str, Any]


class SoapFault(Exception):
    """Ends a call with a fault: its code and its message."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class SoapCall:
    """One request: the operation, what it was given, and the session it claims."""

    operation: str
    given: Values
    session: str


def read_envelope(raw: bytes) -> SoapCall:
    """The call of an envelope; SoapFault when it is none."""
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise SoapFault("soapenv:Client", "DOCTYPE is not allowed")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314  (loopback only, and no entities: see above)
    except ElementTree.ParseError as error:
        raise SoapFault("soapenv:Client", str(error)) from None
    parts = {_local(part.tag): part for part in root}
    body = parts.get("Body")
    if body is None or not len(body):
        raise SoapFault("soapenv:Client", "the envelope has no operation in its body")
    header = _values(parts["Header"]) if "Header" in parts else {}
    session = header.get("SessionHeader") or {}
    given = _values(body[0])
    return SoapCall(_local(body[0].tag), given, str(session.get("sessionId") or ""))


def listed(given: Mapping[str, Any], name: str) -> list[Any]:
    """All values of a name, however many were given."""
    value = given.get(name)
    return value if isinstance(value, list) else [] if value is None else [value]


def answer_envelope(operation: str, results: list[Values]) -> bytes:
    """The answer to an operation: one `result` each."""
    inner = "".join(_element("result", each) for each in results)
    return f"{_HEAD}<{operation}Response>{inner}</{operation}Response>{_TAIL}".encode()


def fault_envelope(fault: SoapFault) -> bytes:
    """A fault, its code twice as Salesforce writes it."""
    bare = fault.code.rpartition(":")[2]
    code, message = escape(bare), escape(fault.message)
    kind = fault.code if ":" in fault.code else f"sf:{fault.code}"
    return (
        f"{_HEAD}<soapenv:Fault><faultcode>{escape(kind)}</faultcode>"
        f"<faultstring>{code}: {message}</faultstring><detail><sf:ApiFault>"
        f"<sf:exceptionCode>{code}</sf:exceptionCode>"
        f"<sf:exceptionMessage>{message}</sf:exceptionMessage></sf:ApiFault></detail>"
        f"</soapenv:Fault>{_TAIL}"
    ).encode()


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _values(element: ElementTree.Element) -> Values:
    found: Values = {}
    for child in element:
        name, value = _local(child.tag), _value(child)
        if name in found:
            before = found[name]
            found[name] = [*before, value] if isinstance(before, list) else [before, value]
        else:
            found[name] = value
    return found


def _value(element: ElementTree.Element) -> Any:
    if len(element):
        return _values(element)
    nil = any(_local(name) == "nil" and text == "true" for name, text in element.items())
    return None if nil else (element.text or "").strip() or None


def _element(name: str, value: Any) -> str:
    if isinstance(value, list):
        return "".join(_element(name, each) for each in value)
    if value is None:
        return f'<{name} xsi:nil="true"/>'
    if isinstance(value, dict):
        return f"<{name}>{''.join(_element(key, each) for key, each in value.items())}</{name}>"
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"<{name}>{escape(text)}</{name}>"
