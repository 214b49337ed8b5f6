"""The only modules with queries; each takes a session and returns models."""
