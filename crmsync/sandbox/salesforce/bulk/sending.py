"""A CSV answer, sent piece by piece: no body is ever whole in memory."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator

from starlette.requests import Request
from starlette.responses import StreamingResponse

from crmsync.sandbox.salesforce.calls import Reply

_GZIP = 31  # zlib's word for a gzip header around the data


def csv_response(
    request: Request, reply: Reply, headers: dict[str, str], level: int
) -> StreamingResponse:
    """The answer with its CSV, packed where the reply says so or the client understands it."""
    assert reply.csv is not None
    pieces = reply.csv
    if "gzip" in request.headers.get("accept-encoding", ""):
        headers["Content-Encoding"] = "gzip"
    if "Content-Encoding" in headers:
        pieces = _packed(pieces, level)
    headers["Content-Type"] = "text/csv; charset=UTF-8"
    return StreamingResponse(pieces, status_code=reply.status, headers=headers)


def _packed(pieces: Iterable[bytes], level: int) -> Iterator[bytes]:
    packer = zlib.compressobj(level, wbits=_GZIP)
    for piece in pieces:
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()
