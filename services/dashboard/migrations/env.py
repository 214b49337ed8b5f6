"""Alembic's environment of the dashboard."""

from shared.migrations import run_environment

run_environment()
