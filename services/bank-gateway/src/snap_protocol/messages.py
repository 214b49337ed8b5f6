"""What is asked of the bank (26 to 31, 35) and what the bank asks of us (24, 25)."""

from dataclasses import dataclass
from datetime import datetime

from bni_protocol import moments
from bni_protocol.fields import Billing
from snap_protocol import fields
from snap_protocol.codes import Service
from snap_protocol.fields import Identity, Members, SnapProblem

CUSTOMER_NAME_MAX = 255
_FLAGS = frozenset({"", "Y", "N"})


@dataclass(frozen=True, slots=True)
class Call:
    """A service as it is called."""

    service: Service
    method: str
    name: str

    def path(self, prefix: str, version: str) -> str:
        return f"{prefix}/{version}/transfer-va/{self.name}"


INQUIRY = Call(Service.INQUIRY, "POST", "inquiry")
PAYMENT = Call(Service.PAYMENT, "POST", "payment")
STATUS = Call(Service.STATUS, "POST", "status")
CREATE = Call(Service.CREATE, "POST", "create-va")
UPDATE = Call(Service.UPDATE, "PUT", "update-va")
UPDATE_STATUS = Call(Service.UPDATE_STATUS, "PUT", "update-status")
INQUIRE = Call(Service.INQUIRE, "POST", "inquiry-va")
DELETE = Call(Service.DELETE, "DELETE", "delete-va")
REPORT = Call(Service.REPORT, "POST", "report")

TOKEN_REQUEST: dict[str, object] = {"grantType": "client_credentials", "additionalInfo": {}}


def account_request(billing: Billing, service_id: str) -> dict[str, object]:
    """Spell a create and an update; an update resends everything that must stay."""
    members: dict[str, object] = {
        **Identity.of(billing.virtual_account, service_id).members(),
        "virtualAccountName": billing.customer_name,
        "virtualAccountEmail": billing.customer_email,
        "virtualAccountPhone": billing.customer_phone,
        "trxId": billing.trx_id,
        "totalAmount": fields.amount(billing.trx_amount_idr),
        "virtualAccountTrxType": billing.billing_type.upper(),
        "expiredDate": moments.iso(billing.expires_at),
        "additionalInfo": {"description": billing.description},
    }
    return {name: value for name, value in members.items() if value != ""}


def billing_request(identity: Identity, trx_id: str) -> dict[str, object]:
    """Spell an inquiry-va, a delete-va and a status: which account, which billing."""
    return {**identity.members(), "trxId": trx_id}


def paid_status(identity: Identity, trx_id: str, *, paid: bool) -> dict[str, object]:
    return {**billing_request(identity, trx_id), "paidStatus": "Y" if paid else "N"}


def report_request(service_id: str, since: datetime, until: datetime) -> dict[str, object]:
    """Ask for the payments between two instants, in WIB to the minute."""
    start, end = since.astimezone(moments.WIB), until.astimezone(moments.WIB)
    return {
        "partnerServiceId": service_id.rjust(fields.SERVICE_ID_WIDTH),
        "startDate": start.strftime("%Y-%m-%d"),
        "startTime": start.strftime("%H:%M"),
        "endDate": end.strftime("%Y-%m-%d"),
        "endTime": end.strftime("%H:%M"),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class InquiryRequest:
    """The bank asks what a payer would pay (24)."""

    identity: Identity
    request_id: str

    @classmethod
    def parse(cls, members: Members) -> "InquiryRequest":
        """Read what we use.

        Raises:
            SnapProblem: a field is missing or not of its kind.
        """
        return cls(
            identity=Identity.parse(members),
            request_id=fields.required(members, "inquiryRequestId", fields.REQUEST_ID_MAX),
        )

    def members(self) -> dict[str, object]:
        return {**self.identity.members(), "inquiryRequestId": self.request_id}


@dataclass(frozen=True, slots=True, kw_only=True)
class PaymentRequest:
    """The bank tells of a payment (25). ``advice`` says it did so before; it changes nothing."""

    identity: Identity
    request_id: str
    trx_id: str
    customer_name: str
    paid_idr: int
    cumulative_idr: int | None
    billed_idr: int | None
    paid_at: datetime | None
    journal_no: str
    reference_no: str
    advice: bool

    @classmethod
    def parse(cls, members: Members) -> "PaymentRequest":
        """Read what we use; more may be there.

        Raises:
            SnapProblem: a field is missing or not of its kind.
        """
        flag = fields.text(members, "flagAdvise", 1)
        if flag not in _FLAGS:
            raise SnapProblem("flagAdvise")
        return cls(
            identity=Identity.parse(members),
            request_id=fields.required(members, "paymentRequestId", fields.REQUEST_ID_MAX),
            trx_id=fields.text(members, "trxId", fields.TRX_ID_MAX),
            customer_name=fields.text(members, "virtualAccountName", CUSTOMER_NAME_MAX),
            paid_idr=fields.read_amount(members, "paidAmount"),
            cumulative_idr=fields.optional_amount(members, "cumulativePaymentAmount"),
            billed_idr=fields.optional_amount(members, "totalAmount"),
            paid_at=fields.moment(members, "trxDateTime"),
            journal_no=fields.journal_no(members),
            reference_no=fields.text(members, "referenceNo", fields.REFERENCE_MAX),
            advice=flag == "Y",
        )

    def members(self) -> dict[str, object]:
        """Spell it as the bank does; what is not known is left out."""
        amounts = {
            "paidAmount": self.paid_idr,
            "cumulativePaymentAmount": self.cumulative_idr,
            "totalAmount": self.billed_idr,
        }
        given: dict[str, object] = {
            **self.identity.members(),
            "virtualAccountName": self.customer_name,
            "paymentRequestId": self.request_id,
            "trxId": self.trx_id,
            **{name: fields.amount(idr) for name, idr in amounts.items() if idr is not None},
            "trxDateTime": moments.iso(self.paid_at) if self.paid_at else "",
            "referenceNo": self.reference_no,
            "journalNum": self.journal_no if len(self.journal_no) <= fields.JOURNAL_MAX else "",
            "flagAdvise": "Y" if self.advice else "N",
            "additionalInfo": {},
        }
        return {name: value for name, value in given.items() if value != ""}
