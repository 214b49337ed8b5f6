"""What people keep for themselves is protected row by row, as customers are (A2, A3)."""

from shared.migrations import run_sql, scope_by_owner

revision = "0005"
down_revision = "0004"

_OWN = """((SELECT current_setting('lunas.scope', true)) = 'all'
    OR (NOT shared
        AND owner_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid))"""

_POLICIES = f"""
ALTER TABLE saved_views ENABLE ROW LEVEL SECURITY
--
ALTER TABLE saved_views FORCE ROW LEVEL SECURITY
--
CREATE POLICY scope ON saved_views USING {_OWN} WITH CHECK {_OWN}
--
CREATE POLICY shared_or_own ON saved_views FOR SELECT
    USING (shared OR owner_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid)
"""


def upgrade() -> None:
    scope_by_owner("recents", "user_id")
    run_sql(_POLICIES)
