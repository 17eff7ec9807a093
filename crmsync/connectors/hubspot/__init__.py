"""The HubSpot connector: the CRM API through hubspot-api-client."""
