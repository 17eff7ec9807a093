"""How somebody else's tables get into a simulated CRM: read, recognise, load, report."""
