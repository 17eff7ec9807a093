"""What an administrator has set up that touches records: rules, flows, packages; and the list of fields.

Fields: Tooling API guide, EntityDefinition, FieldDefinition, ValidationRule, Flow, InstalledSubscriberPackage; object
reference, DuplicateRule, MatchingRule, FlowDefinitionView, AssignmentRule, PackageLicense (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.salesforce.schema.fields import (
    Field,
    ObjectType,
    field,
    flag,
    long_text,
    record_id,
    reference,
    text,
    whole,
)

_READ_ONLY = {"createable": False, "updateable": False, "deletable": False}
_STAMPS = (field("CreatedDate", "datetime", "D"), field("LastModifiedDate", "datetime", "D"))


def _listed(name: str, label: str, prefix: str, *fields: Field) -> ObjectType:
    return ObjectType(name, label, f"{label}s", prefix, fields, **_READ_ONLY)


def _entity() -> tuple[Field, ...]:
    """The object something belongs to, by its name: an id that is none."""
    name = "EntityDefinition"
    to = field(f"{name}Id", "string", "", length=40, reference_to=(name,), relationship=name)
    return (to,)


ENTITY_DEFINITION = _listed(
    "EntityDefinition", "Entity Definition", "4ie",
    text("DurableId", 40, ""),
    text("QualifiedApiName", 70, "", name_field=True),
    text("DeveloperName", 40, ""),
    text("Label", 80, ""),
    text("PluralLabel", 80, ""),
    text("KeyPrefix", 3, "N"),
    flag("IsCustomizable", "D"),
    flag("IsTriggerable", "D"),
    flag("IsFieldHistoryTracked", "D"),
)  # fmt: skip
FIELD_DEFINITION = _listed(
    "FieldDefinition", "Field Definition", "4fe",
    text("DurableId", 80, ""),
    text("QualifiedApiName", 70, "", name_field=True),
    text("DeveloperName", 40, ""),
    text("Label", 80, ""),
    text("DataType", 120, ""),
    *_entity(),
    whole("Length", ""),
    flag("IsFieldHistoryTracked", "D"),
    flag("IsNillable", "D"),
    flag("IsIndexed", "D"),
    flag("IsCalculated", "D"),
)  # fmt: skip
DUPLICATE_RULE = _listed(
    "DuplicateRule", "Duplicate Rule", "0Bm",
    record_id("Duplicate Rule"),
    text("DeveloperName", 80, "", name_field=True),
    text("MasterLabel", 80, ""),
    text("SobjectType", 40, ""),
    text("SobjectSubtype", 40, "N"),
    text("Language", 40, "D", default="en_US"),
    flag("IsActive", "D", default=True),
    *_STAMPS,
)  # fmt: skip
MATCHING_RULE = _listed(
    "MatchingRule", "Matching Rule", "0JD",
    record_id("Matching Rule"),
    text("DeveloperName", 80, "", name_field=True),
    text("MasterLabel", 80, ""),
    text("SobjectType", 40, ""),
    text("MatchEngine", 40, "D", default="ExactMatchEngine"),
    text("BooleanFilter", 255, "N"),
    text("Description", 255, "N"),
    text("RuleStatus", 40, "D", default="Active"),
    *_STAMPS,
)  # fmt: skip
ASSIGNMENT_RULE = _listed(
    "AssignmentRule", "Assignment Rule", "01Q",
    record_id("Assignment Rule"),
    text("Name", 120, "", name_field=True),
    text("SobjectType", 40, ""),
    flag("Active", "D", default=True),
    *_STAMPS,
)  # fmt: skip
FLOW_DEFINITION_VIEW = _listed(
    "FlowDefinitionView", "Flow Definition", "3dd",
    text("DurableId", 80, ""),
    text("ApiName", 80, "", name_field=True),
    text("Label", 80, ""),
    text("Description", 255, "N"),
    text("ProcessType", 40, ""),
    text("TriggerType", 40, "N"),
    text("RecordTriggerType", 40, "N"),
    text("TriggerObjectOrEventId", 40, "N"),
    text("TriggerObjectOrEventLabel", 80, "N"),
    text("ActiveVersionId", 18, "N"),
    text("LatestVersionId", 18, "N"),
    text("NamespacePrefix", 15, "N"),
    flag("IsActive", "D"),
    field("LastModifiedDate", "datetime", "D"),
)  # fmt: skip
FLOW = _listed(
    "Flow", "Flow", "301",
    record_id("Flow"),
    text("DefinitionId", 18, ""),
    text("MasterLabel", 80, "", name_field=True),
    text("ProcessType", 40, ""),
    text("Status", 40, ""),
    whole("VersionNumber", ""),
    long_text("Description", "N"),
    *_STAMPS,
)  # fmt: skip
VALIDATION_RULE = _listed(
    "ValidationRule", "Validation Rule", "03d",
    record_id("Validation Rule"),
    text("ValidationName", 40, "", name_field=True),
    *_entity(),
    flag("Active", "D", default=True),
    text("Description", 255, "N"),
    text("ErrorDisplayField", 80, "N"),
    text("ErrorMessage", 255, ""),
    text("NamespacePrefix", 15, "N"),
    *_STAMPS,
)  # fmt: skip
# Usage*: Tooling API guide, ApexTrigger; public code asks for all seven (read 2026-11).
APEX_TRIGGER = _listed(
    "ApexTrigger", "Apex Trigger", "01q",
    record_id("Apex Trigger"),
    text("Name", 255, "", name_field=True),
    text("TableEnumOrId", 40, ""),
    text("Status", 40, "D", default="Active"),
    text("NamespacePrefix", 15, "N"),
    *(flag(f"Usage{when}", "D") for when in (
        "BeforeInsert", "AfterInsert", "BeforeUpdate", "AfterUpdate", "BeforeDelete", "AfterDelete", "AfterUndelete",
    )),
    *_STAMPS,
)  # fmt: skip
# Whether a rule is active stands in its metadata alone: Tooling API guide, WorkflowRule (read 2026-11).
WORKFLOW_RULE = _listed(
    "WorkflowRule", "Workflow Rule", "01Q",
    record_id("Workflow Rule"),
    text("Name", 80, "", name_field=True),
    text("TableEnumOrId", 40, ""),
    text("NamespacePrefix", 15, "N"),
    *_STAMPS,
)  # fmt: skip
PACKAGE_LICENSE = _listed(
    "PackageLicense", "Package License", "050",
    record_id("Package License"),
    text("NamespacePrefix", 15, "", name_field=True),
    text("Status", 40, "D", default="Active"),
    whole("AllowedLicenses", "D", default=-1),
    whole("UsedLicenses", "D", default=0),
    field("ExpirationDate", "datetime", "N"),
    *_STAMPS,
)  # fmt: skip
SUBSCRIBER_PACKAGE = _listed(
    "SubscriberPackage", "Subscriber Package", "033",
    record_id("Subscriber Package"),
    text("Name", 80, "", name_field=True),
    text("NamespacePrefix", 15, "N"),
    text("Description", 255, "N"),
)  # fmt: skip
INSTALLED_PACKAGE = _listed(
    "InstalledSubscriberPackage", "Installed Package", "0A3",
    record_id("Installed Package"),
    reference("SubscriberPackageId", "SubscriberPackage", "", label="Subscriber Package ID"),
    text("SubscriberPackageVersionId", 18, ""),
)  # fmt: skip

# Some of these answer to the data API as well, the others to the Tooling API alone.
DEFINITIONS = (ENTITY_DEFINITION, FIELD_DEFINITION)
IN_BOTH = (*DEFINITIONS, APEX_TRIGGER, DUPLICATE_RULE, MATCHING_RULE, FLOW_DEFINITION_VIEW)
IN_DATA = (ASSIGNMENT_RULE, PACKAGE_LICENSE)
IN_TOOLING = (FLOW, VALIDATION_RULE, WORKFLOW_RULE, SUBSCRIBER_PACKAGE, INSTALLED_PACKAGE)
