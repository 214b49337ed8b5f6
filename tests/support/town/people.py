"""The people of the town: a company that bills, customers who pay, and somebody who forges."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

from bni_protocol import envelope
from bni_protocol.cipher import Key, encrypt
from bni_protocol.fields import Billing, BillingType, Notification
from shared.clock import FrozenClock, business_day
from shared.contracts.customer import CustomerRegistered
from shared.principal import Principal
from shared.testing import WAWAN
from town.agreement import CONTRACT
from town.town import Town

AHEAD_IDR = 50_000
"""What somebody pays to an open account although he owes nothing."""

_KEY = Key(CONTRACT["client_id"], CONTRACT["secret_key"])


@dataclass
class Company:
    """One customer and his bills, as the people around them see them."""

    town: Town
    customer_id: UUID = field(default_factory=uuid4)
    seller: Principal = WAWAN
    _forged: int = 0
    _unregistered: int = 0

    @property
    def clock(self) -> FrozenClock:
        return self.town.clock

    async def open(self) -> None:
        """The customer becomes known to everybody."""
        await self.town.tell(
            CustomerRegistered.of(
                1, self.clock.now(), self.customer_id, number="PLG-000001",
                name="Mahmud Sulaiman", phone="+628561101133", address="Bogor", email=None,
                marketing_id=self.seller.user_id, marketing_name=self.seller.name, status="active",
                registered_at=self.clock.now(),
            )
        )  # fmt: skip

    async def issue(self, amount_idr: int) -> str:
        """A bill is issued, and everybody does what he can do now; give its id."""
        line = {"description": "Kavling", "quantity": 1, "unit_price_idr": amount_idr}
        due_on = business_day(self.clock.now() + timedelta(days=20))
        body = {"customer_id": str(self.customer_id), "due_on": str(due_on), "lines": [line]}
        answer = await self.town.caller("invoicing").post("/api/v1/invoices", body)
        assert answer.status_code == 201, answer.text
        await self.town.settle()
        return str(answer.json()["id"])

    async def bill(self, invoice_id: str) -> dict[str, Any]:
        answer = await self.town.caller("invoicing").get(f"/api/v1/invoices/{invoice_id}")
        return dict(answer.json())

    async def pay(self, invoice_id: str) -> bool:
        """The customer pays what his bill says; False when nobody lets him."""
        bill = await self.bill(invoice_id)
        account = bill["virtual_account"]
        if not account or not account["number"]:
            return False
        asked = account["amount_idr"] or bill["outstanding_idr"] or AHEAD_IDR
        return await self.pay_number(account["number"], asked)

    async def pay_number(self, number: str, amount_idr: int) -> bool:
        """Somebody pays to an account, whosever it is; False when the bank does not let him."""
        answer = await self.town.pay(number, amount_idr)
        assert answer.status_code in {200, 409}, answer.text
        await self.town.settle()
        return answer.status_code == 200

    async def open_unregistered(
        self, amount_idr: int, kind: BillingType = BillingType.FIXED
    ) -> str:
        """A billing that we never registered is opened at the bank under our name; its number.

        So it is after a restore from a backup that is older than the billing (P5).
        """
        self._unregistered += 1
        number = f"80019{self._unregistered:011d}"
        billing = Billing(
            trx_id=f"UNREGISTERED{self._unregistered}", virtual_account=number, billing_type=kind,
            trx_amount_idr=amount_idr, customer_name="MAHMUD SULAIMAN", description="Kavling",
            expires_at=self.clock.now().replace(microsecond=0) + timedelta(days=20),
        )  # fmt: skip
        members = billing.create(_KEY.client_id)
        sealed = envelope.seal(members, _KEY, int(self.clock.now().timestamp()))
        headers = {"Content-Type": "application/json"}
        answer = await self.town.bank.request("POST", "/", content=sealed, headers=headers)
        assert answer.json()["status"] == "000", answer.text
        return number

    async def transfer(self, amount_idr: int) -> None:
        """Somebody sends money to the account itself, and no bill or virtual account is named."""
        await self._move("transfers", amount_idr=amount_idr, sender_name="IBU SITI AMINAH")

    async def spend(self, amount_idr: int, *, fee: bool) -> None:
        """Money leaves the account: a charge of the bank, or the company buys something."""
        await self._move("debits", amount_idr=amount_idr, receiver_name="TOKO MAJU", fee=fee)

    async def _move(self, how: str, **movement: Any) -> None:
        answer = await self.town.bank.request("POST", f"/simulate/{how}", json=movement)
        assert answer.status_code in {200, 409}, answer.text

    async def cancel(self, invoice_id: str) -> bool:
        """Somebody cancels the bill; refused once money has come (M6)."""
        path = f"/api/v1/invoices/{invoice_id}/cancel"
        answer = await self.town.caller("invoicing").post(path, {"reason": "Salah ketik"})
        assert answer.status_code in {200, 409}, answer.text
        await self.town.settle()
        return answer.status_code == 200

    async def forge(self, invoice_id: str | None, amount_idr: int) -> bool:
        """Somebody with the bank's keys tells of money that never came; was he believed?"""
        number, trx_id = "8001999999999999", "FORGED"
        if invoice_id is not None:
            account = (await self.bill(invoice_id))["virtual_account"] or {}
            billing = await self.town.billing(account.get("number") or number)
            if billing is None:
                return False
            number, trx_id = billing["virtual_account"], billing["trx_id"]
        self._forged += 1
        notice = Notification(
            trx_id=trx_id, virtual_account=number, customer_name="MAHMUD SULAIMAN",
            trx_amount_idr=amount_idr, payment_amount_idr=amount_idr, cumulative_idr=amount_idr,
            payment_ntb=f"{self._forged:06d}", paid_at=self.clock.now().replace(microsecond=0),
        )  # fmt: skip
        believed = await self.town.teller.tell(notice, f"FORGED{self._forged}")
        await self.town.settle()
        return believed


async def send(town: Town, text: str) -> bool:
    """Send some text to the callback as the bank would; tell whether it was thanked for."""
    data = encrypt(text, _KEY, int(town.clock.now().timestamp()))
    body = {"client_id": _KEY.client_id, "data": data}
    answer = await town.callback.request("POST", "/bni/ecollection/callback", json=body)
    return bool(answer.json()["status"] == "000")
