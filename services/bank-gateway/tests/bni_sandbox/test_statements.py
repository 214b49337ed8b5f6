"""The account's statement: right to the rupiah, for any history and any partition of it."""

import csv
import io
import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import mt940 as reader
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bni_sandbox.domain import statement as statements
from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from bni_sandbox.domain.statement import Line, LineKind, Statement

FIRST = date(2026, 11, 1)
BEGIN = datetime(2026, 10, 31, 17, 0, tzinfo=UTC)  # midnight in Jakarta
OPENING_IDR = 25_000_000


@st.composite
def histories(draw: st.DrawFn) -> list[Line]:
    """Movements of ten days, in the order of their booking."""
    drawn = draw(
        st.lists(
            st.tuples(
                st.integers(0, 10 * 86_400 - 1), st.sampled_from(LineKind),
                st.integers(1, 10**12), st.text(max_size=30),
            ),
            max_size=25,
        )
    )  # fmt: skip
    lines = [
        Line(
            id=str(no),
            kind=kind,
            booked_at=BEGIN + timedelta(seconds=second),
            journal_no=f"{no:06d}",
            amount_idr=amount if kind in {LineKind.VIRTUAL_ACCOUNT, LineKind.CREDIT} else -amount,
            virtual_account="8001000000000001" if kind is LineKind.VIRTUAL_ACCOUNT else "",
            party=party,
        )
        for no, (second, kind, amount, party) in enumerate(drawn)
    ]
    return sorted(lines, key=lambda line: line.booked_at)


def printed(lines: list[Line], opening_idr: int, from_on: date, to_on: date) -> Statement:
    return Statement(
        account_no="0115476117",
        account_name="PT UJI",
        from_on=from_on,
        to_on=to_on,
        opening_idr=opening_idr,
        lines=[line for line in lines if from_on <= line.day <= to_on],
    )


def amount_of(text: str) -> int:
    whole, _, sen = text.partition(",")
    assert sen == "00"
    return int(whole.replace(".", ""))


class TestAnyHistory:
    @given(histories(), st.sets(st.integers(1, 9)))
    def test_any_partition_of_the_period_joins_without_a_gap(
        self, lines: list[Line], cuts: set[int]
    ) -> None:
        ends = [*sorted(cuts), 10]
        balance, seen, start = OPENING_IDR, 0, 0
        for end in ends:
            part = printed(lines, balance, FIRST + timedelta(start), FIRST + timedelta(end - 1))
            balance, seen, start = part.closing_idr, seen + len(part.lines), end

        assert seen == len(lines)
        assert balance == OPENING_IDR + sum(line.amount_idr for line in lines)

    @given(histories())
    def test_the_csv_balances_line_by_line(self, lines: list[Line]) -> None:
        text = statements.bni_direct_csv(printed(lines, OPENING_IDR, FIRST, FIRST + timedelta(9)))
        rows = list(csv.reader(io.StringIO(text)))

        balance = amount_of(rows[3][1])
        for row in rows[5:-1]:
            balance += amount_of(row[6]) - amount_of(row[5])
            assert amount_of(row[7]) == balance
        assert rows[-1] == ["Closing Balance", rows[-1][1]]
        assert amount_of(rows[-1][1]) == balance
        assert len(rows) == len(lines) + 6

    @given(histories())
    def test_mt940_is_read_back_by_a_reader_that_is_not_ours(self, lines: list[Line]) -> None:
        made = printed(lines, OPENING_IDR, FIRST, FIRST + timedelta(9))

        read = reader.parse(statements.mt940(made))

        told = [int(each.data["amount"].amount) for each in read]
        assert told == [line.amount_idr for line in lines]
        assert int(read.data["final_opening_balance"].amount.amount) == OPENING_IDR
        assert int(read.data["final_closing_balance"].amount.amount) == made.closing_idr

    @given(histories(), st.integers())
    def test_damage_is_the_same_each_time(self, lines: list[Line], seed: int) -> None:
        faults = Faults(statement_omit=0.3, statement_alter=0.3)

        once = statements.damaged(lines, faults, Chance(seed))

        assert once == statements.damaged(lines, faults, Chance(seed))
        assert {line.id for line in once} <= {line.id for line in lines}


class TestTheFile:
    async def history(self, client: Any, later: Any) -> str:
        """Yesterday a payment; today a payment, a transfer, a fee and a debit."""
        number = str((await client.create(billing_type="i"))[1]["virtual_account"])
        await client.pay(number, 40_000)
        later(days=1)
        await client.pay(number, 60_000)
        for path, body in (
            ("transfers", {"amount_idr": 500_000, "sender_name": "SITI", "remark": "KAVLING"}),
            ("debits", {"amount_idr": 2_500, "fee": True, "remark": "ADM"}),
            ("debits", {"amount_idr": 1_000_000, "receiver_name": "PT PASIR"}),
        ):
            answer = await client.http.post(f"/simulate/{path}", json=body)
            assert answer.status_code == 200, answer.text
        return number

    async def get(self, client: Any, **params: Any) -> str:
        answer = await client.http.get("/simulate/statements", params=params)
        assert answer.status_code == 200, answer.text
        return str(answer.text)

    async def test_the_csv_is_as_assumed(self, client: Any, later: Any) -> None:
        number = await self.history(client, later)

        text = await self.get(client)

        when = "24/11/2026 09:00:00,24/11/2026 09:00:00,0998"
        assert text.split("\r\n") == [
            "Account Number,0115476117",
            "Account Name,PT KAVLING PAKUAN ASRI",
            "Period,2026-11-24 - 2026-11-24",
            'Opening Balance,"25.040.000,00"',
            "Post Date,Value Date,Branch,Journal No.,Description,Debit,Credit,Balance",
            f'{when},100002,VA {number} 100002 MAHMUD SULAIMAN,"0,00","60.000,00","25.100.000,00"',
            f'{when},100003,TRF DARI SITI KAVLING,"0,00","500.000,00","25.600.000,00"',
            f'{when},100004,BIAYA ADM,"2.500,00","0,00","25.597.500,00"',
            f'{when},100005,TRF KE PT PASIR,"1.000.000,00","0,00","24.597.500,00"',
            'Closing Balance,"24.597.500,00"',
            "",
        ]

    async def test_mt940_is_as_agreed(self, client: Any, later: Any) -> None:
        number = await self.history(client, later)

        text = await self.get(client, format="mt940", **{"from": "2026-11-23", "to": "2026-11-24"})

        assert text.split("\r\n")[:6] == [
            ":20:261123261124",
            ":25:0115476117",
            ":28C:327/1",
            ":60F:C261123IDR25000000,00",
            f":61:2611231123C40000,00NTRF{number}//100001",
            f":86:VA {number} 100001 MAHMUD SULAIMAN",
        ]
        assert ":61:2611241124D2500,00NCHGNONREF//100004" in text
        assert ":62F:C261124IDR24597500,00" in text

    async def test_two_calls_give_the_same_bytes(self, client: Any, later: Any) -> None:
        await self.history(client, later)
        change = {"type": "updatebilling", "trx_id": "T1", "customer_name": "OTHER"}
        before = await self.get(client, **{"from": "2026-11-23"})

        await client.ask({**change, "trx_amount": "150000"})

        assert await self.get(client, **{"from": "2026-11-23"}) == before

    async def test_days_join(self, client: Any, later: Any) -> None:
        await self.history(client, later)
        first = await self.get(client, **{"from": "2026-11-23", "to": "2026-11-23"})
        second = await self.get(client, **{"from": "2026-11-24", "to": "2026-11-24"})

        closing = re.search(r"Closing Balance,(.*)", first)
        opening = re.search(r"Opening Balance,(.*)", second)
        assert closing
        assert opening
        assert closing[1] == opening[1]

    async def test_a_backdated_movement_is_on_its_own_day(self, client: Any) -> None:
        body = {"amount_idr": 7, "sender_name": "SITI", "at": "2026-11-20T23:59:59+07:00"}
        await client.http.post("/simulate/transfers", json=body)

        text = await self.get(client, **{"from": "2026-11-20", "to": "2026-11-20"})
        assert "20/11/2026 23:59:59" in text
        assert "SITI" not in await self.get(client)

    async def test_the_account_cannot_give_what_it_does_not_hold(self, client: Any) -> None:
        answer = await client.http.post("/simulate/debits", json={"amount_idr": 25_000_001})
        assert answer.status_code == 409
        assert (await self.get(client)).count("\r\n") == 6

    @pytest.mark.parametrize(
        "period",
        [
            {"from": "2026-11-24", "to": "2026-11-23"},
            {"from": "2025-01-01", "to": "2026-11-23"},
            {"from": "0001-01-01", "to": "0001-01-02"},
            {"to": "9999-12-31", "from": "9999-12-31"},
            {"from": "x"},
            {"format": "pdf"},
        ],
    )
    async def test_an_impossible_wish_is_refused(self, client: Any, period: dict[str, str]) -> None:
        answer = await client.http.get("/simulate/statements", params=period)
        assert answer.status_code == 422

    @pytest.mark.parametrize(
        "body",
        [
            {"amount_idr": 0, "sender_name": "A"},
            {"amount_idr": 1.5, "sender_name": "A"},
            {"amount_idr": 10**14, "sender_name": "A"},
            {"amount_idr": 1, "sender_name": ""},
            {"amount_idr": 1, "sender_name": "A\x00"},
            {"amount_idr": 1, "sender_name": "A", "at": "0001-01-01T00:00:00Z"},
            {"amount_idr": 1, "sender_name": "A", "at": "2026-11-23T00:00:00"},
        ],
    )
    async def test_m1_a_senseless_transfer_is_refused(
        self, client: Any, body: dict[str, Any]
    ) -> None:
        assert (await client.http.post("/simulate/transfers", json=body)).status_code == 422


class TestItsFaults:
    async def lines(self, client: Any, **faults: Any) -> list[list[str]]:
        await client.faults(**faults)
        text = (await client.http.get("/simulate/statements")).text
        return list(csv.reader(io.StringIO(text)))

    async def pay_twice(self, client: Any) -> None:
        number = (await client.create(billing_type="o", trx_amount="0"))[1]["virtual_account"]
        await client.pay(number, 10)
        await client.pay(number, 20)

    async def test_a_line_is_left_out_and_the_rest_still_balances(self, client: Any) -> None:
        await self.pay_twice(client)

        rows = await self.lines(client, statement_omit=1)

        assert len(rows) == 6
        assert rows[-1][1] == "25.000.000,00"

    async def test_an_amount_is_one_rupiah_too_high_and_still_balances(self, client: Any) -> None:
        await self.pay_twice(client)

        rows = await self.lines(client, statement_alter=1)

        assert [row[6] for row in rows[5:-1]] == ["11,00", "21,00"]
        assert rows[-1][1] == "25.000.032,00"

    async def test_a_closing_balance_that_is_not_the_sum(self, client: Any) -> None:
        await self.pay_twice(client)

        rows = await self.lines(client, statement_unbalanced=True)

        assert rows[-2][7] == "25.000.030,00"
        assert rows[-1][1] == "25.000.031,00"
