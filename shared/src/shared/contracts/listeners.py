"""Who listens to what: the one table that queues and bindings are made from.

Every service declares all queues at start, so nothing is lost while a listener is not up yet,
and a service whose subscriptions differ from this table refuses to start.
"""

from __future__ import annotations

from shared.contracts.bank_gateway import (
    NoticeQuarantined,
    NoticeSettled,
    PaymentDisputed,
    PaymentReceived,
    PaymentVerified,
    VaChanged,
    VaClosed,
    VaCreated,
    VaFailed,
    VaInquired,
)
from shared.contracts.customer import (
    BookingCancelled,
    BookingConfirmed,
    ChangeRequestDecided,
    ChangeRequestOpened,
    CustomerChanged,
    CustomerReassigned,
    CustomerRegistered,
    CustomersHandedOver,
    ProductChanged,
)
from shared.contracts.gateway import UserChanged
from shared.contracts.invoicing import (
    BillingRunProgressed,
    BulkJobProgressed,
    InvoiceCancelled,
    InvoiceChanged,
    InvoiceIssued,
    InvoicePaid,
    PlanMade,
)
from shared.contracts.notification import MessageFailed, MessageSent
from shared.contracts.reconciliation import (
    ExceptionAsked,
    ExceptionClosed,
    ExceptionOpened,
    LineUnvouched,
    PaymentPosted,
    PaymentReconciled,
    PaymentReversed,
)
from shared.contracts.reporting import DocumentReady, ExportFinished
from shared.events import Event

Events = frozenset[type[Event]]

CUSTOMER_EVENTS: Events = frozenset({CustomerRegistered, CustomerChanged, CustomerReassigned})
INVOICE_EVENTS: Events = frozenset({InvoiceIssued, InvoiceChanged, InvoicePaid, InvoiceCancelled})
VA_EVENTS: Events = frozenset({VaCreated, VaChanged, VaClosed, VaFailed})
NOTICE_EVENTS: Events = frozenset({NoticeQuarantined, NoticeSettled})
POSTED_EVENTS: Events = frozenset({PaymentPosted, PaymentReconciled, PaymentReversed})
MESSAGE_EVENTS: Events = frozenset({MessageSent, MessageFailed})
REQUEST_EVENTS: Events = frozenset({ChangeRequestOpened, ChangeRequestDecided})
EXCEPTION_EVENTS: Events = frozenset({ExceptionOpened, ExceptionAsked, ExceptionClosed})

LISTENERS: dict[str, Events] = {
    "customer": frozenset({UserChanged}),
    "invoicing": CUSTOMER_EVENTS
    | VA_EVENTS
    | {BookingConfirmed, BookingCancelled, PaymentReconciled, PaymentReversed},
    "bank-gateway": CUSTOMER_EVENTS | INVOICE_EVENTS | {LineUnvouched},
    "reconciliation": CUSTOMER_EVENTS
    | INVOICE_EVENTS
    | VA_EVENTS
    | NOTICE_EVENTS
    | {PaymentReceived, PaymentVerified, PaymentDisputed, VaInquired},
    "reporting": CUSTOMER_EVENTS
    | INVOICE_EVENTS
    | VA_EVENTS
    | POSTED_EVENTS
    | MESSAGE_EVENTS
    | {UserChanged, ProductChanged, BookingConfirmed, BookingCancelled, PlanMade},
    "notification": CUSTOMER_EVENTS
    | INVOICE_EVENTS
    | VA_EVENTS
    | POSTED_EVENTS
    | EXCEPTION_EVENTS
    | REQUEST_EVENTS
    | {CustomersHandedOver, UserChanged, DocumentReady, ExportFinished},
    "dashboard": CUSTOMER_EVENTS
    | INVOICE_EVENTS
    | VA_EVENTS
    | POSTED_EVENTS
    | MESSAGE_EVENTS
    | EXCEPTION_EVENTS
    | REQUEST_EVENTS
    | {UserChanged, DocumentReady, BillingRunProgressed, BulkJobProgressed},
}
