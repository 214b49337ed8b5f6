"""What reconciliation shows of the state of the books."""

from prometheus_client import Gauge

UNEXPLAINED = Gauge(
    "lunas_unexplained_idr", "Rupiah of open exceptions whose money has no owner (R3)"
)
UNEXPLAINED_COUNT = Gauge(
    "lunas_unexplained_exceptions",
    "Open exceptions that nobody could explain yet (R3)",
)
VERIFY_DIFFERENCES = Gauge(
    "lunas_verify_differences", "Differences that the last check of all books found (M4, M11)"
)
