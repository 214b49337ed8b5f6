"""Who is asked about money that needs a person, and the notices that tell him.

Such a notice follows the matter: whoever looks after it no more does not see it.
"""

from shared.migrations import grant, run_sql, scope_by_owner

revision = "0004"
down_revision = "0003"

_CHANGES = """
CREATE TABLE matters (
    id uuid PRIMARY KEY,
    owner_id uuid,
    is_open boolean NOT NULL,
    version integer NOT NULL
)
--
ALTER TABLE notices
    ADD COLUMN matter_id uuid,
    DROP CONSTRAINT notices_audience_check,
    ADD CONSTRAINT notices_audience_check
        CHECK (audience IN ('owner', 'previous_owner', 'admins', 'maker', 'asked')),
    ADD CONSTRAINT notices_asked_about_a_matter
        CHECK ((audience = 'asked') = (matter_id IS NOT NULL))
--
CREATE INDEX notices_matter ON notices (matter_id) WHERE matter_id IS NOT NULL
--
ALTER POLICY scope ON notices USING (
    (SELECT current_setting('lunas.scope', true)) = 'all'
    OR user_id = NULLIF(current_setting('lunas.marketing_id', true), '')::uuid
    AND CASE audience
        WHEN 'asked' THEN matter_id IN (SELECT id FROM matters)
        ELSE audience IN ('previous_owner', 'maker') OR customer_id IN (SELECT id FROM customers)
    END
)
"""


def upgrade() -> None:
    run_sql(_CHANGES)
    grant("matters", "SELECT, INSERT, UPDATE")
    scope_by_owner("matters", "owner_id")
