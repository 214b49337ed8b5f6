"""The sandbox's queries."""
