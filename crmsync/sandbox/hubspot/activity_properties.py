"""The properties of calls, e-mails, meetings, notes and tasks that a sync tool meets.

Names and options: developers.hubspot.com, the guides of the activities, and answers to creates of a note and a task
recorded 2026-03 (read 2026-11).
"""

from __future__ import annotations

from crmsync.sandbox.hubspot.definitions import Definition, native, options

# The outcomes of calls a fresh portal has, by their GUIDs: public connectors' tables (read 2026-11).
DISPOSITIONS = {
    "9d9162e7-6cf3-4944-bf63-4dff82258764": "Busy",
    "f240bbac-87c9-4f6e-bf70-924b57d47db7": "Connected",
    "a4c4c377-d246-4b32-a13b-75a56a4cd0ff": "Left live message",
    "b2cf5968-551e-4856-9783-52b3da59a7d0": "Left voicemail",
    "73a0d17f-1163-4015-bdd5-ec830791da20": "No answer",
    "17b47fee-58de-441e-a44c-c6300d46f273": "Wrong number",
}

_CHOICES = {
    "hs_call_direction": options("INBOUND", "OUTBOUND"),
    "hs_call_status": options(
        "BUSY", "CALLING_CRM_USER", "CANCELED", "COMPLETED", "CONNECTING", "FAILED", "IN_PROGRESS",
        "NO_ANSWER", "QUEUED", "RINGING",
    ),
    "hs_email_direction": options("EMAIL", "INCOMING_EMAIL", "FORWARDED_EMAIL"),
    "hs_email_status": options("BOUNCED", "FAILED", "SCHEDULED", "SENDING", "SENT"),
    "hs_meeting_outcome": options("SCHEDULED", "COMPLETED", "RESCHEDULED", "NO_SHOW", "CANCELED"),
    "hs_task_status": options("NOT_STARTED", "IN_PROGRESS", "WAITING", "COMPLETED", "DEFERRED"),
    "hs_task_priority": options("NONE", "LOW", "MEDIUM", "HIGH"),
    "hs_task_type": options("EMAIL", "CALL", "TODO"),
}  # fmt: skip

_COMMON = """
hs_timestamp | datetime | date | | Activity date
hubspot_owner_id | enumeration | select | ext | Activity assigned to
hubspot_owner_assigneddate | datetime | date | ro | Owner assigned date
hs_all_owner_ids | enumeration | checkbox | ext ro | All owner ids
hs_user_ids_of_all_owners | enumeration | checkbox | ext ro | User IDs of all owners
hs_activity_type | string | text | | Activity type
hs_engagement_source | string | text | ro | Engagement Source
hs_engagement_source_id | string | text | ro | Engagement Source ID
hs_attachment_ids | string | text | | Attached file IDs
hs_body_preview | string | text | ro | Body preview
hs_body_preview_html | string | html | ro | HTML Body Preview
hs_body_preview_is_truncated | bool | booleancheckbox | ro | Body Preview Truncated
hs_obj_coords | string | text | ro calc | Object Coordinates
hs_created_by | number | number | ro | Activity created by
hs_merged_object_ids | enumeration | checkbox | ro | Merged record IDs
hs_object_source | string | text | ro | Record source
hs_object_source_id | string | text | ro | Record source ID
hs_object_source_label | string | text | ro | Record source
hs_createdate | datetime | date | ro | Create date
hs_lastmodifieddate | datetime | date | ro | Last modified date
hs_object_id | number | number | ro | Record ID
"""

_LINES = {
    "calls": """
hs_call_title | string | text | | Call Title
hs_call_body | string | html | | Call notes
hs_call_direction | enumeration | select | | Call direction
hs_call_disposition | enumeration | select | ext | Call outcome
hs_call_duration | number | number | | Call duration
hs_call_status | enumeration | select | | Call status
hs_call_from_number | string | phonenumber | | From Number
hs_call_to_number | string | phonenumber | | To Number
hs_call_recording_url | string | text | | Recording URL
hs_call_callee_object_id | number | number | | Callee object id
hs_call_callee_object_type | string | text | | Callee object type
""",
    "emails": """
hs_email_direction | enumeration | select | | Email Direction
hs_email_status | enumeration | select | | Email send status
hs_email_subject | string | text | | Email subject
hs_email_text | string | textarea | | Text Body
hs_email_html | string | html | | Email body
hs_email_headers | string | text | | Email Headers
hs_email_from_email | string | text | ro calc | Email From Address
hs_email_to_email | string | text | ro calc | Email To Address
""",
    "meetings": """
hs_meeting_title | string | text | | Meeting name
hs_meeting_body | string | html | | Meeting description
hs_internal_meeting_notes | string | html | | Internal meeting notes
hs_meeting_external_url | string | text | | External URL
hs_meeting_location | string | text | | Location
hs_meeting_start_time | datetime | date | | Meeting start time
hs_meeting_end_time | datetime | date | | Meeting end time
hs_meeting_outcome | enumeration | select | | Meeting outcome
""",
    "notes": """
hs_note_body | string | html | | Note body
""",
    "tasks": """
hs_task_subject | string | text | | Task Title
hs_task_body | string | html | | Task Notes
hs_task_status | enumeration | select | | Task Status
hs_task_priority | enumeration | select | | Priority
hs_task_type | enumeration | select | | Task Type
hs_task_reminders | string | text | | Reminders
hs_task_family | string | text | ro | Task family
hs_task_for_object_type | string | text | ro | For Object Type
hs_task_completion_count | number | number | ro calc | Completed count
hs_task_completion_date | datetime | date | ro | Completed at
hs_task_is_all_day | bool | booleancheckbox | | Is All Day
hs_task_is_completed | number | number | ro calc | Is completed
hs_task_is_overdue | bool | booleancheckbox | ro calc | Is overdue
""",
}


def activity_properties(name: str) -> list[Definition]:
    """Every property of one kind of activity."""
    return native(f"{name.removesuffix('s')}information", _LINES[name] + _COMMON.lstrip(), _CHOICES)
