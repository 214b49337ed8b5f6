"""The faults in force: kept in the database, read from memory."""

from bni_sandbox.domain.chance import Chance
from bni_sandbox.domain.faults import Faults
from bni_sandbox.store import records
from shared.database import Sessions
from shared.principal import Principal

PRINCIPAL = Principal.system("bni-sandbox")


class Knobs:
    """What is set to go wrong. One process serves one simulated bank, so memory is right."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._faults: Faults | None = None
        self.chance = Chance()

    async def read(self) -> Faults:
        """Give the faults in force; after a start they are read once."""
        if self._faults is None:
            async with self._sessions.begin(PRINCIPAL) as session:
                self._faults = await records.read_faults(session)
            self.chance.reseed(self._faults.seed)
        return self._faults

    async def write(self, faults: Faults) -> None:
        """Set the faults; the draws of a seed begin anew."""
        async with self._sessions.begin(PRINCIPAL) as session:
            await records.write_faults(session, faults)
        self._faults = faults
        self.chance.reseed(faults.seed)
