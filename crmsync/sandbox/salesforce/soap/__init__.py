"""The part of the SOAP API for which there is no REST resource: login, merge, undelete, convertLead."""
