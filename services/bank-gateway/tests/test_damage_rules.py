"""Where the simulated bank damages a message (C4): any field may be hit, each as likely."""

import json
from base64 import urlsafe_b64decode
from random import Random

from bni_protocol.cipher import Key, Undecodable, decrypt, encrypt
from bni_sandbox.domain.damage import corrupted

KEY = Key("001", "ea0c88921fb033387e66ef7d1e82ab83")
NOW = 1_795_000_000
MEMBERS = {"trx_id": "L" * 25, "virtual_account": "8" * 16, "payment_amount": "1" * 12}
TEXT = json.dumps(MEMBERS)


def test_c4_any_field_may_be_hit_and_only_one_bit_of_it() -> None:
    hit: set[str] = set()
    for seed in range(300):
        ciphertext = corrupted(encrypt(TEXT, KEY, NOW), TEXT, Random(seed))
        try:
            told = decrypt(ciphertext, KEY, NOW)
        except Undecodable:
            continue
        changed = {name for name in MEMBERS if told.get(name) != MEMBERS[name]}
        assert len(changed) == 1
        hit |= changed

    assert hit == set(MEMBERS)


def test_the_time_is_never_hit() -> None:
    """A message that seems old is another fault: a clock that is wrong."""
    sound = encrypt(TEXT, KEY, NOW)
    time_length = len(urlsafe_b64decode(sound + "==")) - len(TEXT)

    for seed in range(300):
        damaged = urlsafe_b64decode(corrupted(sound, TEXT, Random(seed)) + "==")
        assert damaged[:time_length] == urlsafe_b64decode(sound + "==")[:time_length]
