"""The only modules with queries; each takes a session, whose scope PostgreSQL enforces."""
