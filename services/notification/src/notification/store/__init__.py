"""The only place with queries, one module per noun; returns models, takes a session."""
