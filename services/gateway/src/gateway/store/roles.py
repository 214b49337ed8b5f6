"""The roles as rows (A1)."""

from __future__ import annotations

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlmodel import col

from gateway.models import Role, RolePermission
from shared.database import Session


async def put_role(session: Session, name: str, scope_kind: str, permissions: set[str]) -> None:
    """Make a role exactly this."""
    row = insert(Role).values(name=name, scope_kind=scope_kind)
    await session.execute(
        row.on_conflict_do_update(index_elements=["name"], set_={"scope_kind": scope_kind})
    )
    await session.execute(
        delete(RolePermission).where(
            col(RolePermission.role) == name, col(RolePermission.permission).not_in(permissions)
        )
    )
    rows = [{"role": name, "permission": each} for each in sorted(permissions)]
    await session.execute(insert(RolePermission).on_conflict_do_nothing(), rows)
