"""The edge of every service: who may, one transaction, one effect, answers that say why."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from shared import principal as principals
from shared.clock import FrozenClock
from shared.database import Sessions
from shared.operations import OPERATIONS, Operation
from shared.service import Outside, Service
from shared.settings import ServiceSettings
from shared.testing import ADMIN, SARI, WAWAN, Caller
from shared.testing.plugin import CallAs
from shared.web import ServiceRouter, Transaction
from shared.web.problems import _path
from shared.web.route import UndeclaredRoute

NOTE = {"words": "tiga kavling", "amount_idr": 1_250_000}

other_router = ServiceRouter()


@other_router.get("/api/v1/customers/{customer_id}")
async def touch(customer_id: UUID, session: Transaction) -> None:
    await session.execute(text("SELECT 1"))


async def count_notes(sessions: Sessions) -> int:
    async with sessions.begin(ADMIN) as session:
        return int((await session.execute(text("SELECT count(*) FROM notes"))).scalar_one())


class TestWhoMay:
    async def test_without_a_principal_the_answer_is_401(self, call_as: CallAs) -> None:
        answer = await call_as(None).get(f"/api/v1/customers/{uuid4()}")

        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_a1_a_role_without_the_permission_gets_403(self, call_as: CallAs) -> None:
        answer = await call_as(WAWAN).get("/api/v1/users")

        assert answer.status_code == 403
        assert answer.json()["title"] == "Forbidden"

    async def test_a7_anothers_object_and_a_missing_one_answer_alike(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        customer, missing = uuid4(), uuid4()
        async with sessions.begin(ADMIN) as session:
            await session.execute(
                text("INSERT INTO customers VALUES (:id, :owner, 1)"),
                {"id": customer, "owner": SARI.user_id},
            )

        theirs = await call_as(WAWAN).get(f"/api/v1/customers/{customer}")
        nobodys = await call_as(WAWAN).get(f"/api/v1/customers/{missing}")

        assert theirs.status_code == nobodys.status_code == 404
        assert {**theirs.json(), "instance": ""} == {**nobodys.json(), "instance": ""}

    async def test_a5_an_old_token_is_refused(
        self, call_as: CallAs, service: Service, clock: FrozenClock, keys: tuple[str, str]
    ) -> None:
        token = principals.sign(ADMIN, keys[0], ["sample"], clock.now())
        clock.advance(timedelta(seconds=61))

        with pytest.raises(principals.Unauthenticated):
            service.verifier.verify(token, clock.now())

    @pytest.mark.parametrize("audience", [[], ["invoicing"]])
    def test_a5_a_token_for_another_service_is_refused(
        self, service: Service, clock: FrozenClock, keys: tuple[str, str], audience: list[str]
    ) -> None:
        token = principals.sign(ADMIN, keys[0], audience, clock.now())

        with pytest.raises(principals.Unauthenticated):
            service.verifier.verify(token, clock.now())

    def test_a5_a_token_signed_by_another_key_is_refused(
        self, service: Service, clock: FrozenClock
    ) -> None:
        stranger, _ = principals.generate_keys()
        token = principals.sign(ADMIN, stranger, ["sample"], clock.now())

        with pytest.raises(principals.Unauthenticated):
            service.verifier.verify(token, clock.now())

    async def test_a1_a_route_outside_the_catalogue_cannot_be_made(self) -> None:
        router = ServiceRouter()

        with pytest.raises(UndeclaredRoute, match="GET /api/v1/secret"):
            router.get("/api/v1/secret")(lambda: None)


class TestIdempotency:
    async def test_i_the_same_key_and_body_replays_the_answer(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        first = await call_as(WAWAN).post("/api/v1/bookings", NOTE, key="kunci-0001")
        again = await call_as(WAWAN).post("/api/v1/bookings", NOTE, key="kunci-0001")

        assert first.status_code == again.status_code == 201
        assert again.json() == first.json()
        assert again.headers["Idempotency-Replayed"] == "true"
        assert await count_notes(sessions) == 1

    async def test_i_the_same_key_with_another_body_is_refused(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        await call_as(WAWAN).post("/api/v1/bookings", NOTE, key="kunci-0001")

        answer = await call_as(WAWAN).post(
            "/api/v1/bookings", {**NOTE, "amount_idr": 1}, key="kunci-0001"
        )

        assert answer.status_code == 422
        assert answer.json()["title"] == "Idempotency key reused"
        assert await count_notes(sessions) == 1

    async def test_i_the_key_belongs_to_the_user(self, call_as: CallAs, sessions: Sessions) -> None:
        await call_as(WAWAN).post("/api/v1/bookings", NOTE, key="kunci-0001")
        await call_as(SARI).post("/api/v1/bookings", NOTE, key="kunci-0001")

        assert await count_notes(sessions) == 2

    async def test_i2_a_refusal_does_not_consume_the_key(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        refused = await call_as(WAWAN).post(
            "/api/v1/bookings", {**NOTE, "refuse": True}, key="kunci-0001"
        )
        accepted = await call_as(WAWAN).post("/api/v1/bookings", NOTE, key="kunci-0001")

        assert (refused.status_code, accepted.status_code) == (409, 201)
        assert await count_notes(sessions) == 1

    async def test_i1_many_at_once_have_one_effect(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        caller = call_as(WAWAN)
        calls = [caller.post("/api/v1/bookings", NOTE, key="kunci-0001") for _ in range(6)]

        statuses = {answer.status_code for answer in await asyncio.gather(*calls)}

        assert statuses <= {201, 409}
        assert await count_notes(sessions) == 1

    async def test_i_where_no_money_moves_a_key_is_honoured_all_the_same(
        self, call_as: CallAs
    ) -> None:
        first = await call_as(WAWAN).post("/api/v1/customers", key="kunci-0001")
        again = await call_as(WAWAN).post("/api/v1/customers", key="kunci-0001")
        without = await call_as(WAWAN).call("POST", "/api/v1/customers")

        assert first.json() == again.json()
        assert (without.status_code, without.json() == first.json()) == (201, False)

    async def test_i_without_a_key_nothing_is_done(
        self, call_as: CallAs, sessions: Sessions
    ) -> None:
        answer = await call_as(WAWAN).call("POST", "/api/v1/bookings", json=NOTE)

        assert answer.status_code == 422
        assert answer.json()["errors"][0]["field"] == "Idempotency-Key"
        assert await count_notes(sessions) == 0


class TestBadInput:
    @pytest.mark.parametrize("amount", [1250000.5, 1250000.0, "1250000", True, 0, -1, None, 10**15])
    async def test_m1_only_a_whole_positive_number_is_an_amount(
        self, call_as: CallAs, amount: object
    ) -> None:
        answer = await call_as(WAWAN).post("/api/v1/bookings", {**NOTE, "amount_idr": amount})

        assert answer.status_code == 422
        assert [error["field"] for error in answer.json()["errors"]] == ["amount_idr"]

    async def test_b3_an_unknown_field_is_refused_by_name(self, call_as: CallAs) -> None:
        answer = await call_as(WAWAN).post("/api/v1/bookings", {**NOTE, "status": "paid"})

        assert answer.status_code == 422
        assert answer.json()["errors"] == [
            {"field": "status", "message": "isian ini tidak dikenal", "code": "extra_forbidden"}
        ]

    async def test_b5_nul_is_refused(self, call_as: CallAs) -> None:
        answer = await call_as(WAWAN).post("/api/v1/bookings", {**NOTE, "words": "a\x00b"})

        assert answer.status_code == 422

    @pytest.mark.parametrize(
        ("content", "kind", "status"),
        [
            (b"{", "application/json", 400),
            (b'{"a": ' + b"[" * 30 + b"]" * 30 + b"}", "application/json", 400),
            (b"x" * (1024 * 1024 + 1), "application/json", 413),
            (b"words=x", "application/x-www-form-urlencoded", 415),
        ],
        ids=["not JSON", "too deep", "too large", "a form"],
    )
    async def test_b2_b4_what_cannot_be_read_is_refused(
        self, call_as: CallAs, content: bytes, kind: str, status: int
    ) -> None:
        headers = {"Content-Type": kind, "Idempotency-Key": "kunci-0001"}

        answer = await call_as(WAWAN).call(
            "POST", "/api/v1/bookings", content=content, headers=headers
        )

        assert answer.status_code == status
        assert answer.headers["content-type"] == "application/problem+json"

    async def test_k4_an_edit_without_a_version_is_refused(self, call_as: CallAs) -> None:
        answer = await call_as(WAWAN).patch(f"/api/v1/customers/{uuid4()}", {}, version=None)

        assert answer.status_code == 428

    async def test_b2_a_defect_shows_an_id_and_nothing_else(self, call_as: CallAs) -> None:
        answer = await call_as(ADMIN).get("/api/v1/users")

        assert answer.status_code == 500
        assert answer.json()["code"] in answer.json()["detail"]
        assert "secret" not in answer.text

    async def test_an_unknown_address_is_a_problem_too(self, call_as: CallAs) -> None:
        answer = await call_as(ADMIN).get("/api/v1/nothing")

        assert answer.status_code == 404
        assert answer.json()["detail"] == "Data tidak ditemukan."


class TestAnUnreachableDatabase:
    async def test_r7_it_is_busy_and_says_when_to_come_back(
        self, call_as: CallAs, outside: Outside, keys: tuple[str, str]
    ) -> None:
        settings = ServiceSettings(
            database_url="postgresql://nobody@127.0.0.1:9/none", principal_public_key=keys[1]
        )
        service = Service("sample", settings, outside, routers=[other_router])

        answer = await Caller(service, keys[0], ADMIN).get(f"/api/v1/customers/{uuid4()}")

        assert answer.status_code == 503
        assert answer.headers["Retry-After"] == "2"


class TestTheCatalogue:
    def test_a1_every_operation_is_declared_once(self) -> None:
        routes = [(operation.method, operation.path) for operation in OPERATIONS]

        assert len(routes) == len(set(routes))

    def test_a_parameter_is_one_segment(self) -> None:
        operation = Operation("GET", "/documents/invoices/{invoice_id}.pdf", "reporting", "x")

        assert operation.matches("/documents/invoices/7.pdf")
        assert not operation.matches("/documents/invoices/7/8.pdf")


class TestWhereAnErrorIs:
    def test_b1_the_tag_of_a_union_is_no_part_of_the_path(self) -> None:
        body = {"plan": {"kind": "installment", "installments": 0}, "items": [{"quantity": 0}]}

        assert _path(("body", "plan", "installment", "installments"), body) == "plan.installments"
        assert _path(("body", "plan", "installment", "first_due_on"), body) == "plan.first_due_on"
        assert _path(("body", "items", 0, "quantity"), body) == "items.0.quantity"
        assert _path(("body",), body) == ""
        assert _path(("query", "limit"), None) == "limit"
