"""The only rooms with queries; they return models and take a session."""
