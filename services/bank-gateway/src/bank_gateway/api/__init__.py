"""HTTP of the bank-gateway: accounts for people, and the bank's callback."""
