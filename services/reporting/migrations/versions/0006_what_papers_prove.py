"""Papers say their present state, whether they need a meterai, and what their codes prove."""

from shared.migrations import grant, run_sql, scope_by_customer

revision = "0006"
down_revision = "0005"

_STATES = """
ALTER TABLE documents
    ADD COLUMN state text NOT NULL DEFAULT 'valid' CHECK (state IN (
        'draft', 'valid', 'partially_paid', 'paid', 'cancelled', 'held', 'reversed', 'replaced')),
    ADD COLUMN stamp_duty boolean NOT NULL DEFAULT false
--
CREATE TABLE document_proofs (
    document_id uuid NOT NULL,
    revision integer NOT NULL,
    customer_id uuid NOT NULL,
    mark text NOT NULL,
    amount_idr bigint NOT NULL CHECK (amount_idr >= 0),
    proven_on date NOT NULL,
    masked_name text NOT NULL,
    PRIMARY KEY (document_id, revision),
    FOREIGN KEY (document_id, revision) REFERENCES document_revisions (document_id, revision)
)
--
CREATE INDEX document_proofs_mark ON document_proofs (mark)
"""

# Who knows a number and its code sees what that paper proves and no more: not the paper itself.
_POLICIES = """
CREATE POLICY prover ON document_proofs FOR SELECT
    USING (mark = current_setting('lunas.document_mark', true))
--
CREATE POLICY prover ON documents FOR SELECT
    USING (id IN (SELECT document_id FROM document_proofs
                  WHERE mark = current_setting('lunas.document_mark', true)))
"""

_PAPERS_OF_BEFORE = """
SELECT set_config('lunas.scope', 'all', true)
--
INSERT INTO document_proofs
SELECT r.document_id, r.revision, r.customer_id,
    (r.paper -> 'proof' ->> 'number') || ' ' || (r.paper -> 'proof' ->> 'code'),
    coalesce(i.total_idr, (r.paper ->> 'amount')::bigint, (r.paper #>> '{sums,bill}')::bigint),
    (r.frozen_at AT TIME ZONE 'Asia/Jakarta')::date,
    regexp_replace(c.name, '(\\S)\\S*', '\\1*****', 'g')
FROM document_revisions r
JOIN documents d ON d.id = r.document_id
JOIN customers c ON c.id = r.customer_id
LEFT JOIN invoices i ON i.id = d.invoice_id
WHERE r.paper -> 'proof' ->> 'code' IS NOT NULL
--
UPDATE documents d SET state = i.status
FROM invoices i WHERE i.id = d.invoice_id AND i.status <> 'issued'
--
UPDATE documents d SET state = 'reversed'
FROM payments p WHERE p.id = d.payment_id AND p.status = 'reversed'
--
UPDATE documents d SET stamp_duty = true
FROM payments p WHERE p.id = d.payment_id AND d.kind = 'receipt' AND p.amount_idr > 5000000
--
UPDATE documents d SET state = 'replaced'
WHERE kind = 'provisional_receipt' AND EXISTS (
    SELECT FROM documents k WHERE k.kind = 'receipt' AND k.payment_id = d.payment_id)
"""


def upgrade() -> None:
    run_sql(_STATES)
    scope_by_customer("document_proofs")
    run_sql(_POLICIES)
    grant("document_proofs", "SELECT, INSERT")
    run_sql(_PAPERS_OF_BEFORE)
