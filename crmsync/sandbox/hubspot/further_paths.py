"""The paths beside reading and writing records: what ends them, pipelines, lists, consent."""

from __future__ import annotations

from crmsync.sandbox.hubspot import consent_calls as consent
from crmsync.sandbox.hubspot import flow_calls as flows
from crmsync.sandbox.hubspot import group_calls as groups
from crmsync.sandbox.hubspot import label_calls as labels
from crmsync.sandbox.hubspot import life_calls as life
from crmsync.sandbox.hubspot import list_calls as lists
from crmsync.sandbox.hubspot import pipeline_audits as audits
from crmsync.sandbox.hubspot import pipeline_calls as pipelines
from crmsync.sandbox.hubspot import property_calls as properties
from crmsync.sandbox.hubspot import tie_limits as limits
from crmsync.sandbox.hubspot import user_calls as users
from crmsync.sandbox.hubspot import v3_tie_calls as v3_ties
from crmsync.sandbox.hubspot.calls import Handler

# Subscribe, unsubscribe and the status by e-mail came back with 2026-09: the public specification (read 2026-11).
FURTHER_PREFIXES: dict[str, tuple[str, ...]] = {
    "v3 record ties": ("/crm/v3/objects",),
    "tie limits": (
        "/crm/v4/associations/definitions/configurations",
        "/crm/associations/v4/definitions/configurations",
        "/crm/associations/{version}/definitions/configurations",
    ),
    # A dated form of the workflows is a beta still: the same documentation (read 2026-11).
    "flows": ("/automation/v4/flows",),
    "lists": ("/crm/v3/lists", "/crm/lists/{version}"),
    "old consent": ("/communication-preferences/v3", "/communication-preferences/2026-09"),
    "new consent": ("/communication-preferences/2026-09",),
    "consent v3": ("/communication-preferences/v3",),
    "consent": ("/communication-preferences/v4", "/communication-preferences/{version}"),
}

_OLD_TIE = "/{type}/{id}/associations/{to_type}/{to_id}/{tie}"

FURTHER_PATHS: tuple[tuple[str, str, str, Handler], ...] = (
    ("objects", "GET", "/users", users.list_users),
    ("objects", "POST", "/contacts/gdpr-delete", life.gdpr_delete),
    ("objects", "POST", "/{type}/merge", life.merge_objects),
    ("properties", "POST", "/{type}/batch/create", properties.create_properties),
    ("properties", "POST", "/{type}/batch/archive", properties.archive_properties),
    ("properties", "PATCH", "/{type}/{name}", properties.change_property),
    ("properties", "GET", "/{type}/groups", groups.list_groups),
    ("properties", "POST", "/{type}/groups", groups.create_group),
    ("properties", "GET", "/{type}/groups/{name}", groups.get_group),
    ("properties", "PATCH", "/{type}/groups/{name}", groups.change_group),
    ("properties", "DELETE", "/{type}/groups/{name}", groups.delete_group),
    ("ties", "PUT", "/{from}/{to}/labels", labels.change_label),
    ("ties", "DELETE", "/{from}/{to}/labels/{id}", labels.delete_label),
    ("v3 ties", "GET", "/{from}/{to}/types", v3_ties.list_types),
    ("v3 ties", "POST", "/{from}/{to}/batch/create", v3_ties.batch_create),
    ("v3 ties", "POST", "/{from}/{to}/batch/archive", v3_ties.batch_archive),
    ("v3 record ties", "GET", "/{type}/{id}/associations/{to_type}", v3_ties.list_ties),
    ("v3 record ties", "PUT", _OLD_TIE, v3_ties.put_tie),
    ("v3 record ties", "DELETE", _OLD_TIE, v3_ties.delete_tie),
    ("tie limits", "GET", "/all", limits.all_limits),
    ("tie limits", "GET", "/{from}/{to}", limits.limits_between),
    ("tie limits", "POST", "/{from}/{to}/batch/create", limits.set_limits),
    ("tie limits", "POST", "/{from}/{to}/batch/update", limits.set_limits),
    ("tie limits", "POST", "/{from}/{to}/batch/purge", limits.drop_limits),
    ("flows", "GET", "", flows.list_flows),
    ("flows", "GET", "/{id}", flows.get_flow),
    ("flows", "POST", "/batch/read", flows.read_flows),
    ("pipelines", "GET", "/{type}", pipelines.list_pipelines),
    ("pipelines", "POST", "/{type}", pipelines.create_pipeline),
    ("pipelines", "GET", "/{type}/{id}", pipelines.get_pipeline),
    ("pipelines", "PUT", "/{type}/{id}", pipelines.change_pipeline),
    ("pipelines", "PATCH", "/{type}/{id}", pipelines.change_pipeline),
    ("pipelines", "DELETE", "/{type}/{id}", pipelines.delete_pipeline),
    ("pipelines", "GET", "/{type}/{id}/audit", audits.audit_pipeline),
    ("pipelines", "GET", "/{type}/{id}/stages/{stage}/audit", audits.audit_stage),
    ("pipelines", "GET", "/{type}/{id}/stages", pipelines.list_stages),
    ("pipelines", "POST", "/{type}/{id}/stages", pipelines.create_stage),
    ("pipelines", "GET", "/{type}/{id}/stages/{stage}", pipelines.get_stage),
    ("pipelines", "PUT", "/{type}/{id}/stages/{stage}", pipelines.change_stage),
    ("pipelines", "PATCH", "/{type}/{id}/stages/{stage}", pipelines.change_stage),
    ("pipelines", "DELETE", "/{type}/{id}/stages/{stage}", pipelines.delete_stage),
    ("lists", "POST", "", lists.create_list),
    ("lists", "GET", "", lists.get_lists),
    ("lists", "POST", "/search", lists.search_lists),
    ("lists", "GET", "/{id}", lists.get_list),
    ("lists", "DELETE", "/{id}", lists.delete_list),
    ("lists", "PUT", "/{id}/restore", lists.restore_list),
    ("lists", "GET", "/object-type-id/{type}/name/{name}", lists.get_list_by_name),
    ("lists", "GET", "/records/{type}/{id}/memberships", lists.lists_of_record),
    ("lists", "GET", "/{id}/memberships", lists.list_members),
    ("lists", "DELETE", "/{id}/memberships", lists.clear_members),
    ("lists", "GET", "/{id}/memberships/join-order", lists.list_joined),
    ("lists", "PUT", "/{id}/memberships/add", lists.add_members),
    ("lists", "PUT", "/{id}/memberships/remove", lists.remove_members),
    ("lists", "PUT", "/{id}/memberships/add-and-remove", lists.add_and_remove),
    ("consent v3", "GET", "/definitions", consent.definitions_v3),
    ("old consent", "GET", "/status/email/{email}", consent.status_v3),
    ("old consent", "POST", "/subscribe", consent.subscribe_v3),
    ("new consent", "POST", "/resubscribe", consent.subscribe_v3),
    ("old consent", "POST", "/unsubscribe", consent.unsubscribe_v3),
    ("consent", "GET", "/definitions", consent.definitions_v4),
    ("consent", "POST", "/statuses/batch/read", consent.batch_read_v4),
    ("consent", "POST", "/statuses/batch/write", consent.batch_write_v4),
    ("consent", "POST", "/statuses/batch/unsubscribe-all", consent.batch_opt_out_v4),
    ("consent", "POST", "/statuses/batch/unsubscribe-all/read", consent.batch_opted_out_v4),
    ("consent", "GET", "/statuses/{email}", consent.statuses_v4),
    ("consent", "POST", "/statuses/{email}", consent.set_status_v4),
    ("consent", "GET", "/statuses/{email}/unsubscribe-all", consent.opted_out_v4),
    ("consent", "POST", "/statuses/{email}/unsubscribe-all", consent.opt_out_v4),
)
