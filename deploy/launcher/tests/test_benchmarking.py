"""A benchmark runs on servers that keep their promises, and its verdict is the command's."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from launcher import benchmarking, cli
from launcher.errors import Refusal
from launcher.house import ROOT
from launcher.testing import BROKER_VARIABLE, DATABASE_VARIABLE

PROGRAM = f'''"""Look around."""

import asyncio, json, os, sys
from pathlib import Path

import asyncpg


async def look():
    connection = await asyncpg.connect(os.environ["{DATABASE_VARIABLE}"])
    names = ("fsync", "synchronous_commit")
    seen = {{name: await connection.fetchval(f"SHOW {{name}}") for name in names}}
    await connection.close()
    return seen | {{"broker": os.environ["{BROKER_VARIABLE}"], "arguments": sys.argv[2:]}}


Path(sys.argv[1]).write_text(json.dumps(asyncio.run(look())))
sys.exit(3)
'''


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    (tmp_path / "look.py").write_text(PROGRAM)
    return tmp_path


class TestList:
    def test_without_a_name_every_benchmark_is_listed_with_what_it_measures(self) -> None:
        answer = CliRunner().invoke(cli.app, ["bench"])

        names = [line.split()[0] for line in answer.output.splitlines()]
        assert answer.exit_code == 0
        assert names == sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
        assert "verify     ``verify`` on a million ledger entries" in answer.output

    def test_an_unknown_name_is_refused_with_those_there_are(self, programs: Path) -> None:
        with pytest.raises(Refusal, match=r"bernama nothing. Yang ada: look\."):
            benchmarking.run_benchmark("nothing", [], programs)


class TestRun:
    def test_c1_our_own_server_flushes_what_it_commits(
        self, programs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv(DATABASE_VARIABLE)
        monkeypatch.delenv("DATABASE_URL", raising=False)
        seen = tmp_path / "seen.json"

        code = benchmarking.run_benchmark("look", [str(seen), "--rounds", "3"], programs)

        found = json.loads(seen.read_text())
        assert code == 3
        assert (found["fsync"], found["synchronous_commit"]) == ("on", "on")
        assert found["broker"].startswith("amqp://")
        assert found["arguments"] == ["--rounds", "3"]


@pytest.mark.timeout(600)  # it starts a dozen programs
def test_c1_callback_accepts_all_and_its_yardstick_and_twin_write_the_same_rows() -> None:
    assert benchmarking.run_benchmark("callback", ["--rounds", "1", "--scale", "0.01"]) == 0
