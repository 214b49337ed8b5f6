"""What the simulated bank answers to a merchant's program (protocol, sections 4 to 8 and 11)."""

import json
from typing import Any

import pytest

from bni_protocol.cipher import Key
from bni_sandbox.api.context import Sandbox
from bni_sandbox.models import Billing
from bni_sandbox.settings import Settings

SMS = {"customer_phone": "628111", "customer_name": "BUDI"}


class TestChecksInTheBanksOrder:
    async def test_a_wrong_content_type_comes_before_everything(self, client: Any) -> None:
        response = await client.http.post("/", content=b"nonsense")

        assert response.status_code == 200
        assert response.json()["status"] == "998"

    async def test_an_unknown_client_comes_before_decryption(self, client: Any) -> None:
        response = await client.http.post("/", json={"client_id": "999", "data": "!!"})

        assert response.json()["status"] == "002"

    async def test_a_wrong_secret_is_an_unexpected_error(self, client: Any) -> None:
        status, _ = await client.ask({"type": "inquirybilling"}, Key("001", "f" * 32))

        assert status == "009"

    async def test_a_prefix_that_is_not_the_clients_is_an_unexpected_error(
        self, client: Any
    ) -> None:
        body = {**json.loads(client.sealed({"type": "createbilling"})), "prefix": "988"}

        response = await client.http.post("/", json=body)

        assert response.json()["status"] == "009"

    async def test_an_inner_client_id_must_be_the_outer(self, client: Any) -> None:
        assert (await client.create(client_id="002"))[0] == "002"

    async def test_a_missing_type_and_an_unknown_type_differ(self, client: Any) -> None:
        assert (await client.ask({}))[0] == "005"
        assert (await client.ask({"type": "deletebilling"}))[0] == "004"

    async def test_the_letters_of_a_type_may_be_in_any_case(self, client: Any) -> None:
        assert (await client.create(type="createBilling"))[0] == "000"

    async def test_an_error_is_never_encrypted(self, client: Any) -> None:
        response = await client.http.post("/", json={"client_id": "999", "data": "x"})

        assert set(response.json()) == {"status", "message"}


class TestCreating:
    async def test_an_empty_account_gets_a_number_of_16_digits(self, client: Any) -> None:
        status, answer = await client.create()

        assert status == "000"
        assert answer == {"virtual_account": "8001261123090001", "trx_id": "T1"}

    async def test_a_full_minute_goes_on_with_the_next(self, client: Any, sandbox: Sandbox) -> None:
        _, answer = await client.create()
        async with sandbox.sessions.begin(sandbox.principal) as session:
            first = await session.get_one(Billing, "T1")
            session.add_all(
                Billing(**first.model_dump() | taken)
                for taken in (
                    {"trx_id": f"X{n}", "virtual_account": f"80012611230900{n:02d}"}
                    for n in range(2, 100)
                )
            )

        _, overflow = await client.create("T2")

        assert answer["virtual_account"] == "8001261123090001"
        assert overflow["virtual_account"] == "8001261123090101"

    @pytest.mark.parametrize(
        ("change", "status"),
        [
            ({"trx_id": ""}, "001"),
            ({"trx_id": "T\x00"}, "001"),
            ({"customer_name": "\ud800"}, "001"),
            ({"description": ["x"]}, "001"),
            ({"trx_id": "x" * 31}, "001"),
            ({"customer_name": None}, "001"),
            ({"trx_amount": "abc"}, "001"),
            ({"trx_amount": "100.50"}, "013"),
            ({"trx_amount": "0"}, "011"),
            ({"billing_type": "o"}, "011"),
            ({"billing_type": "q"}, "016"),
            ({"datetime_expired": "2026-02-30 10:00:00"}, "012"),
            ({"datetime_expired": "2026-11-23T08:59:59+07:00"}, "012"),
            ({"virtual_account": "123"}, "006"),
            ({"virtual_account": "9001000000000001"}, "006"),
            ({"type": "createbillingsms", **SMS, "billing_type": "i"}, "201"),
            ({"type": "createbillingsms", "customer_phone": "628111"}, "001"),
            ({"type": "createbillingsms", **SMS, "customer_phone": "08111"}, "001"),
        ],
    )
    async def test_a_wrong_field_has_its_code(
        self, client: Any, change: dict[str, Any], status: str
    ) -> None:
        assert (await client.create(**change))[0] == status

    async def test_a_trx_id_is_used_up_for_ever(self, client: Any, later: Any) -> None:
        await client.create(datetime_expired="2026-11-24 10:00:00")
        later(days=30)

        assert (await client.create())[0] == "105"

    async def test_an_account_is_free_again_once_its_billing_is_over(self, client: Any) -> None:
        number = (await client.create())[1]["virtual_account"]
        assert (await client.create("T2", virtual_account=number))[0] == "102"

        await client.pay(number, 100_000)

        assert (await client.create("T2", virtual_account=number))[0] == "000"


class TestTwoFaultsAtOnce:
    @pytest.fixture
    def settings(self, settings: Settings) -> Settings:
        return settings.model_copy(update={"billing_types": "coimn", "refused_names": "DORA, X"})

    @pytest.mark.parametrize(
        ("changes", "status"),
        [
            ({"billing_type": "q", "customer_name": ""}, "001"),
            ({"billing_type": "q", "trx_amount": "1.5", "description": "x" * 101}, "001"),
            ({"trx_amount": "0", "datetime_expired": "soon"}, "011"),
            ({"trx_amount": "1.5", "datetime_expired": "soon"}, "012"),
            ({"trx_amount": "1.5", "billing_type": "q"}, "013"),
            ({"billing_type": "q", "customer_name": "DORA"}, "016"),
            ({"billing_type": "x", "customer_name": "DORA"}, "017"),
            ({"type": "createbillingsms", **SMS, "billing_type": "x"}, "801"),
            (
                {"type": "createbillingsms", **SMS, "billing_type": "i", "virtual_account": "1"},
                "201",
            ),
        ],
    )
    async def test_of_two_faults_the_bank_names_the_first_of_its_order(
        self, client: Any, changes: dict[str, Any], status: str
    ) -> None:
        assert (await client.create(**changes))[0] == status

    async def test_a_name_that_is_not_taken_is_refused_in_an_update_too(self, client: Any) -> None:
        await client.create()
        change = {"type": "updatebilling", "trx_id": "T1", "trx_amount": "5"}

        assert (await client.ask({**change, "customer_name": "dora"}))[0] == "017"
        assert (await client.ask({**change, "customer_name": "DORA SARI"}))[0] == "000"


class TestAskingAndChanging:
    async def test_an_unpaid_inquiry_has_twenty_fields_and_nulls(self, client: Any) -> None:
        await client.create(datetime_expired="2026-12-01 23:59:59", description="INV")

        status, state = await client.ask({"type": "inquirybilling", "trx_id": "T1"})

        assert status == "000"
        assert len(state) == 20
        assert state["payment_ntb"] is None
        assert state["datetime_payment_iso8601"] is None
        assert (state["payment_amount"], state["va_status"]) == ("0", "1")
        assert state["datetime_expired"] == "2026-12-01 23:59:59"
        assert state["datetime_expired_iso8601"] == "2026-12-01T23:59:59+07:00"

    async def test_an_unknown_billing_is_not_found(self, client: Any) -> None:
        for kind in ("inquirybilling", "updatebilling", "inactivebilling"):
            members = {"type": kind, "trx_id": "T9", "trx_amount": "5", "customer_name": "A"}
            assert (await client.ask({**members, "virtual_account": "1"}))[0] == "101"

    async def test_an_update_overwrites_what_it_leaves_out(self, client: Any) -> None:
        await client.create(description="INV/1", customer_email="a@b.id")
        change = {"type": "updatebilling", "trx_id": "T1", "customer_name": "BUDI"}

        status, _ = await client.ask({**change, "trx_amount": "90000"})

        _, state = await client.ask({"type": "inquirybilling", "trx_id": "T1"})
        assert status == "000"
        assert (state["trx_amount"], state["description"]) == ("90000", "")
        assert (state["customer_name"], state["customer_email"]) == ("BUDI", "")

    async def test_an_installment_cannot_sink_below_what_is_paid(self, client: Any) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await client.pay(number, 60_000)
        change = {"type": "updatebilling", "trx_id": "T1", "customer_name": "BUDI"}

        assert (await client.ask({**change, "trx_amount": "59999"}))[0] == "107"
        assert (await client.ask({**change, "trx_amount": "60000"}))[0] == "000"

    async def test_a_paid_up_installment_that_is_raised_is_payable_again(self, client: Any) -> None:
        number = (await client.create(billing_type="i"))[1]["virtual_account"]
        await client.pay(number, 100_000)
        change = {"type": "updatebilling", "trx_id": "T1", "customer_name": "BUDI"}

        assert (await client.ask({**change, "trx_amount": "150000"}))[0] == "000"
        assert (await client.pay(number, 50_000)).status_code == 200

    async def test_deactivating_closes_and_closing_again_says_expired(self, client: Any) -> None:
        number = (await client.create())[1]["virtual_account"]
        close = {"type": "inactivebilling", "trx_id": "T1", "virtual_account": number}

        assert (await client.ask({**close, "virtual_account": "8001000000000000"}))[0] == "006"
        assert (await client.ask(close))[0] == "000"
        assert (await client.ask(close))[0] == "103"
        assert (await client.pay(number, 100_000)).json()["code"] == "103"

    async def test_a_paid_billing_can_be_neither_changed_nor_closed(self, client: Any) -> None:
        number = (await client.create())[1]["virtual_account"]
        await client.pay(number, 100_000)
        change = {"type": "updatebilling", "trx_id": "T1", "customer_name": "B"}

        assert (await client.ask({**change, "trx_amount": "5"}))[0] == "100"
        close = {"type": "inactivebilling", "trx_id": "T1", "virtual_account": number}
        assert (await client.ask(close))[0] == "100"

    async def test_a_billing_expires_by_the_clock(self, client: Any, later: Any) -> None:
        number = (await client.create(datetime_expired="2026-11-24 10:00:00"))[1]["virtual_account"]
        later(days=2)

        _, state = await client.ask({"type": "inquirybilling", "trx_id": "T1"})

        assert (state["va_status"], state["payment_ntb"]) == ("2", None)
        assert (await client.pay(number, 100_000)).status_code == 409
