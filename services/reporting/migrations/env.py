"""Alembic's environment of reporting."""

from shared.migrations import run_environment

run_environment()
