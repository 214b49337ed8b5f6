"""The simulated bank at work: requests of a client, payments, notifications, the account."""
