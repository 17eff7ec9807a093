"""A simulated HubSpot portal: objects, properties, owners, pipelines and associations over HTTP."""
