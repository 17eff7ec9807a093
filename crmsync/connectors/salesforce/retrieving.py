"""Records by id, whatever became of them: the answer names each in the order asked, null for who is not there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from crmsync.connectors.base import Cells
from crmsync.connectors.salesforce.api import Api
from crmsync.connectors.salesforce.changes import DELETED
from crmsync.connectors.salesforce.ids import id18
from crmsync.connectors.salesforce.values import converter
from crmsync.errors import AnswerBroken

# 200 records a call: developer.salesforce.com, sObject Collections (read 2026-11)
RETRIEVE_SIZE = 200


def retrieve(
    api: Api, object_: str, ids: Sequence[str], fields: Sequence[str], types: Mapping[str, str]
) -> dict[str, Cells]:
    """Records by 18-character id; the deleted and the unknown come as null. At most 200, one call."""
    extra = [DELETED] if DELETED in types else []
    asked = list(dict.fromkeys(["Id", *extra, *fields]))
    body = {"ids": list(ids), "fields": asked}
    label = "composite/sobjects (read)"
    answer = api.post_to_read(f"composite/sobjects/{object_}", body, label)
    if not isinstance(answer, list) or len(answer) != len(ids):
        raise AnswerBroken("the answer does not name every record", where=object_)
    live = [row for row in answer if row and not row.get(DELETED)]
    columns = {name: converter(types[name])([row[name] for row in live]) for name in fields}
    return {
        id18(row["Id"]): {name: columns[name][at] for name in fields} for at, row in enumerate(live)
    }
