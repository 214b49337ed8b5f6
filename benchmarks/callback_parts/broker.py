"""Names of one measurement's own on the broker, which are gone afterwards."""

from __future__ import annotations

import asyncio
import os
import secrets

import aio_pika

from shared.bus.topology import NAMESPACE, topology

ADDRESS_VARIABLE = "LUNAS_TEST_AMQP_URL"


def address() -> str:
    """Give the address of RabbitMQ.

    Raises:
        RuntimeError: none is named; ``./lunas bench`` names one.
    """
    found = os.environ.get(ADDRESS_VARIABLE)
    if not found:
        raise RuntimeError(
            f"The whole service needs RabbitMQ: run ./lunas bench, or set {ADDRESS_VARIABLE}."
        )
    return found


def settings(namespace: str, listen: str) -> dict[str, str]:
    """Give what the whole service needs besides the door's settings."""
    return {
        "BANK_GATEWAY_BROKER_URL": address(),
        "BANK_GATEWAY_BROKER_NAMESPACE": namespace,
        "BANK_GATEWAY_LISTEN": listen,
        "BANK_GATEWAY_LOG_LEVEL": "error",
    }


def new_namespace() -> str:
    return f"bench-{secrets.token_hex(4)}"


def delete(namespace: str) -> None:
    """Delete the queues and exchanges of a namespace."""
    asyncio.run(_delete(namespace))


async def _delete(namespace: str) -> None:
    async with await aio_pika.connect(address()) as connection:
        channel = await connection.channel()
        for name in topology():
            queue = name.replace(NAMESPACE, namespace, 1)
            await channel.queue_delete(queue)
            await channel.queue_delete(f"{queue}.dead")
        for exchange in ("events", "dead"):
            await channel.exchange_delete(f"{namespace}.{exchange}")
