"""The container files say the same as the house, and hold no secret (P4)."""

from __future__ import annotations

import re
from io import StringIO
from typing import Any

import pytest
import yaml
from dotenv import dotenv_values

from bank_gateway import metrics
from bank_gateway.settings import Settings
from launcher.container_secrets import dotenv
from launcher.documents import settings_class
from launcher.house import RESIDENTS, ROOT

COMPOSE_TEXT = (ROOT / "docker-compose.yml").read_text()


@pytest.fixture
def compose() -> dict[str, Any]:
    parsed: dict[str, Any] = yaml.safe_load(COMPOSE_TEXT)
    return parsed


class TestCompose:
    def test_every_service_of_the_house_has_a_container(self, compose: dict[str, Any]) -> None:
        beside = {"postgres", "rabbitmq", "provision"}

        assert set(compose["services"]) - beside == {each.name for each in RESIDENTS}

    def test_p4_what_it_asks_for_is_what_secrets_prints(self) -> None:
        asked = set(re.findall(r"\$\{(\w+):\?\}", COMPOSE_TEXT))
        printed = set(re.findall(r"^(\w+)=", dotenv(), re.MULTILINE))

        assert asked - printed == set()

    @pytest.mark.parametrize("name", ["bank-gateway", "bni-sandbox"])
    def test_what_snap_needs_reaches_the_container(
        self, compose: dict[str, Any], name: str
    ) -> None:
        settings = settings_class(next(each for each in RESIDENTS if each.name == name))
        read = {str(field.validation_alias) for field in settings.model_fields.values()}
        snap = {variable for variable in read if variable.startswith("SNAP_")}
        passed = {v for v in compose["services"][name]["environment"] if v.startswith("SNAP_")}

        assert passed == snap
        assert all(compose["services"][name]["environment"][each] is None for each in passed)

    def test_p4_one_word_of_what_is_printed_changes_the_protocol(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for name, value in dotenv_values(stream=StringIO(dotenv())).items():
            monkeypatch.setenv(name, value or "")
        needed = {"database_url": "postgresql://x/y", "principal_public_key": "k"}

        settings = Settings(**needed, vault_keys="k", protocol="snap")

        assert settings.agreement.caller.partner_id == "LUNAS"
        assert settings.agreement.caller.private_key.key_size == 2048

    def test_p4_no_secret_has_a_default(self) -> None:
        defaulted = re.findall(r"\$\{(\w+):-", COMPOSE_TEXT)

        assert [name for name in defaulted if re.search("PASSWORD|KEY|SECRET", name)] == []

    def test_a5_inner_ports_are_not_published(self, compose: dict[str, Any]) -> None:
        published = {
            name: [port.rpartition(":")[2] for port in service["ports"]]
            for name, service in compose["services"].items()
            if "ports" in service
        }

        assert published == {
            "gateway": ["8000"],
            "bank-gateway": ["8001"],
            "bni-sandbox": ["8002"],
            "rabbitmq": ["15672"],
        }

    def test_the_simulated_bank_is_in_the_demo_only(self, compose: dict[str, Any]) -> None:
        assert compose["services"]["bni-sandbox"]["profiles"] == ["demo"]

    @pytest.mark.parametrize("name", [each.name for each in RESIDENTS])
    def test_each_waits_for_its_database_to_be_provisioned(
        self, compose: dict[str, Any], name: str
    ) -> None:
        waits = compose["services"][name]["depends_on"]

        assert waits == {"provision": {"condition": "service_completed_successfully"}}


class TestSecrets:
    def test_p4_they_are_new_each_time(self) -> None:
        assert set(dotenv().splitlines()) & set(dotenv().splitlines()) == {
            line for line in dotenv().splitlines() if not re.search("PASSWORD|_KEY|SECRET", line)
        }


class TestPrometheus:
    def test_it_watches_every_service(self) -> None:
        text = (ROOT / "deploy/prometheus/prometheus.yml").read_text()
        jobs = {job["job_name"]: job for job in yaml.safe_load(text)["scrape_configs"]}

        watched = set(jobs["lunas"]["dns_sd_configs"][0]["names"])

        assert watched == {each.name for each in RESIDENTS if not each.outsider}

    def test_every_alert_is_about_a_figure_that_exists(self) -> None:
        rules = (ROOT / "deploy/prometheus/alerts.yml").read_text()
        known = (ROOT / "shared/src/shared/metrics.py").read_text()
        known += (ROOT / "services/reconciliation/src/reconciliation/metrics.py").read_text()
        known += (ROOT / "services/bank-gateway/src/bank_gateway/metrics.py").read_text()
        named = set(re.findall(r"lunas_[a-z_]+", rules))
        plain = {re.sub("_(bucket|count|sum)$", "", name) for name in named}

        assert [name for name in plain if f'"{name}"' not in known] == []

    def test_c7_refusals_are_told_apart_by_reasons_that_are_counted_from_zero_on(self) -> None:
        rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text())
        reasons = {
            rule["alert"]: re.findall(r'reason=~"(.+)"', rule["expr"])
            for rule in rules["groups"][0]["rules"]
        }
        named = {alert: set(found[0].split("|")) for alert, found in reasons.items() if found}

        assert named == {
            "BankNotProved": set(metrics.NOT_PROVED),
            "BankOutOfTime": set(metrics.OUT_OF_TIME),
        }
