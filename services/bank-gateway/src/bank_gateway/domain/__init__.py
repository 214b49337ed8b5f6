"""Rules of the bank-gateway: pure, without I/O, clock or framework."""
