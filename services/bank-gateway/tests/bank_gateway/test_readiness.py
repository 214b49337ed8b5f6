"""T3, R6: a bank-gateway whose clock is far from the bank's says that it is not ready."""

from datetime import timedelta

import httpx
import pytest

from bank_gateway.domain.clocks import Clocks
from bank_gateway.main import watch
from shared.service import Service

GAUGE = "lunas_bank_clock_difference_seconds"


@pytest.mark.parametrize(("apart", "http_status"), [(60, 200), (240, 200), (241, 503)])
async def test_t3_beyond_240_seconds_it_is_not_ready(
    service: Service, apart: int, http_status: int
) -> None:
    clocks, now = Clocks(), service.clock.now()
    watch(clocks, service)

    clocks.learn(now + timedelta(seconds=apart), now, now)

    transport = httpx.ASGITransport(service.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as inner:
        ready, metrics = await inner.get("/readyz"), await inner.get("/metrics")
    await service.engine.dispose()
    assert (ready.status_code, ready.json()["clock"]) == (http_status, http_status == 200)
    assert ready.json()["database"] is True
    assert f"\n{GAUGE} {apart}.0\n" in metrics.text
