"""The web pages behind the gateway; owns no business data."""
