"""What a merchant answers when the bank asks before and after a payment (24, 25)."""

from dataclasses import dataclass

from bni_protocol import moments
from bni_protocol.fields import BillingType
from snap_protocol import fields
from snap_protocol.codes import Service
from snap_protocol.messages import InquiryRequest, PaymentRequest
from snap_protocol.replies import reply

Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Verdict:
    """An outcome in a code, and in words that a payer may be shown."""

    http: int
    case: int
    english: str
    indonesia: str

    @property
    def words(self) -> dict[str, str]:
        return {"english": self.english, "indonesia": self.indonesia}


DONE = Verdict(200, 0, "Successful", "Berhasil")
NOT_FOUND = Verdict(404, 12, "Bill not found", "Tagihan tidak ditemukan")
CLOSED = Verdict(404, 12, "Bill is closed", "Tagihan sudah ditutup")
PAID = Verdict(404, 14, "Bill has been paid", "Tagihan sudah dibayar")
EXPIRED = Verdict(404, 19, "Bill has expired", "Tagihan sudah kedaluwarsa")
OTHER_AMOUNT = Verdict(404, 13, "Amount is not the bill's", "Jumlah tidak sesuai tagihan")
INCONSISTENT = Verdict(
    404, 18, "Payment was taken with other data", "Pembayaran sudah diterima dengan data lain"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What a payer is asked for."""

    holder_name: str
    open_idr: int
    billing_type: BillingType


def inquiry_answer(asked: InquiryRequest, verdict: Verdict, bill: Bill | None = None) -> Answer:
    """Answer an inquiry; without a bill the payer is turned away."""
    told: dict[str, object] = {"virtualAccountName": ""}
    if bill is not None:
        told = {
            "virtualAccountName": bill.holder_name,
            "totalAmount": fields.amount(bill.open_idr),
            "virtualAccountTrxType": bill.billing_type.upper(),
        }
    account = {
        "inquiryStatus": "01" if bill is None else "00",
        "inquiryReason": verdict.words,
        **asked.identity.members(),
        "inquiryRequestId": asked.request_id,
        **told,
    }
    reason = "" if bill else f"[{verdict.english}]"
    return reply(verdict.http, Service.INQUIRY, verdict.case, reason, virtualAccountData=account)


def payment_answer(told: PaymentRequest, verdict: Verdict, holder_name: str) -> Answer:
    """Answer a payment. The same payment and verdict give the same bytes at any time."""
    given: dict[str, object] = {
        "paymentFlagStatus": "00" if verdict is DONE else "01",
        "paymentFlagReason": verdict.words,
        **told.identity.members(),
        "virtualAccountName": holder_name,
        "paymentRequestId": told.request_id,
        "paidAmount": fields.amount(told.paid_idr),
    }
    if told.billed_idr is not None:
        given["totalAmount"] = fields.amount(told.billed_idr)
    if told.paid_at is not None:
        given["trxDateTime"] = moments.iso(told.paid_at)
    if told.reference_no:
        given["referenceNo"] = told.reference_no
    reason = "" if verdict is DONE else f"[{verdict.english}]"
    return reply(verdict.http, Service.PAYMENT, verdict.case, reason, virtualAccountData=given)
