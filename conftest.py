"""The fixtures of ``shared.testing.plugin`` serve every test of the house."""
