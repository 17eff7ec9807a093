"""The native HubSpot-Salesforce connector, simulated: a second writer between the two simulated CRMs."""
