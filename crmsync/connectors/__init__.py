"""The code that speaks to a CRM. Nothing else does."""
