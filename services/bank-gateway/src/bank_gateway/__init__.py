"""What the bank says: virtual accounts, payment notifications, inquiry."""
