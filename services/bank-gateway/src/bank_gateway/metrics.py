"""What the bank-gateway counts."""

from prometheus_client import Counter, Gauge, Histogram

from bank_gateway.domain.notice import Contradiction

CALLBACKS = Counter(
    "lunas_bank_callbacks_total", "Notifications that decoded, by what became of them", ["outcome"]
)
CALLBACK_REFUSALS = Counter(
    "lunas_bank_callback_refusals_total", "Notifications refused unread (C7, C8)", ["reason"]
)
NOT_PROVED = ("client", "frame", "json", "X-CLIENT-KEY", "X-SIGNATURE", "X-PARTNER-ID")
"""Nothing proves that the bank sent it to us: a key, a client id or a partner is not as agreed."""
OUT_OF_TIME = ("window", "X-TIMESTAMP")
"""One of the two clocks is wrong."""
for _reason in (*NOT_PROVED, *OUT_OF_TIME):
    CALLBACK_REFUSALS.labels(_reason)  # from zero on, or an alert would miss the first one

QUARANTINES = Counter(
    "lunas_bank_quarantines_total", "Notifications newly not believed, by why (C6)", ["reason"]
)
for _reason in Contradiction:
    QUARANTINES.labels(_reason)
SNAP_ANSWERS = Counter(
    "lunas_bank_snap_answers_total", "Answers to the bank's SNAP BI requests, by code", ["code"]
)
CALLBACK_BATCH = Histogram(
    "lunas_bank_callback_batch",
    "Notifications that one transaction took together",
    buckets=(0, 1, 2, 4, 8, 16, 32, 64),
)
CUSTOMER_NAME_DIFFERS = Counter(
    "lunas_bank_customer_name_differs_total", "Notifications under another customer name (C4)"
)
BANK_CALLS = Counter(
    "lunas_bank_calls_total", "Calls to the bank by operation and result", ["operation", "answer"]
)
VERIFICATIONS = Counter(
    "lunas_bank_verifications_total", "Payments judged by an inquiry (C11)", ["verdict"]
)
QUARANTINED = Gauge(
    "lunas_bank_quarantined", "Notifications that contradict and are not settled (C6)"
)
CLOCK_DIFFERENCE = Gauge(
    "lunas_bank_clock_difference_seconds", "How much the bank's clock is ahead of ours (T3)"
)
GIVEN_UP = Gauge("lunas_bank_matters_for_a_person", "Questions the bank never settled (R2)")
