"""What each service counts; served at ``/metrics`` by prometheus-client."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Histogram(
    "lunas_http_request_seconds",
    "Time to answer, by route template and status",
    ["service", "method", "route", "status"],
)
EVENTS_CONSUMED = Counter(
    "lunas_events_consumed_total", "Deliveries by outcome", ["service", "event", "outcome"]
)
EVENT_LAG = Histogram(
    "lunas_event_lag_seconds", "From the fact to its effect here", ["service", "event"]
)
OUTBOX_PUBLISHED = Counter(
    "lunas_outbox_published_total", "Events the broker has confirmed", ["service"]
)
OUTBOX_AGE = Gauge(
    "lunas_outbox_age_seconds", "Age of the oldest event not yet published", ["service"]
)
DEAD_LETTERS = Gauge("lunas_dead_letters", "Deliveries that wait for a person (R5)", ["service"])
SIGN_INS = Counter("lunas_sign_ins_total", "Tries to sign in, by outcome (W3)", ["outcome"])
LOOP_FAILURES = Counter(
    "lunas_loop_failures_total", "Background steps that failed and are retried", ["service", "loop"]
)
