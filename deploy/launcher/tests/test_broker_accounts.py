"""What a service's broker account may do: declare the whole house's topology, and nothing else."""

from __future__ import annotations

import re

import pytest

from launcher.broker_accounts import permissions
from shared.bus.topology import topology


@pytest.mark.parametrize("right", ["configure", "write", "read"])
class TestTheRightsOfAnAccount:
    def test_every_name_of_the_topology_is_covered(self, right: str) -> None:
        names = [*topology(), *(f"{name}.dead" for name in topology())]
        names += ["lunas.events", "lunas.dead", "amq.default"]

        assert [name for name in names if not re.search(permissions()[right], name)] == []

    def test_p4_nothing_of_another_house_is(self, right: str) -> None:
        others = ["lunasx.events", "other.queue", "amq.topic", "x.lunas.events"]

        assert [name for name in others if re.search(permissions()[right], name)] == []
