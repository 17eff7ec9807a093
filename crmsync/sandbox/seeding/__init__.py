"""How the demo data is invented: drafts of customers first, then the rows both CRMs hold."""
