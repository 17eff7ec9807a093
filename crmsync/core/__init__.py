"""What crmsync knows about customers, with no way to reach a CRM, a file or a clock."""
