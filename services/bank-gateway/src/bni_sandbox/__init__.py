"""A faithful simulator of the bank's eCollection server, with a payer's page and faults."""
