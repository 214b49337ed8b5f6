"""HTTP of the sandbox: the bank's protocol, the simulation for programs, the payer's page."""
