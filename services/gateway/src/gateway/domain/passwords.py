"""Which passwords a person may choose (W2): long, any characters, not a common one."""

from __future__ import annotations

import re
import unicodedata

from shared.errors import Invalid

LENGTH_MIN, LENGTH_MAX = 12, 128
_DISTINCT_MIN = 5
_LOOKALIKES = str.maketrans("01345@$!7", "oieasasit")
_RUNS = ("abcdefghijklmnopqrstuvwxyz", "01234567890123456789", "qwertyuiopasdfghjklzxcvbnm")

_COMMON_TEXT = """
    admin administrator akuntansi alhamdulillah anjing assalamualaikum bandung basmalah berkah
    bismillah bogor changeme cinta cintaku default demo doraemon dragon facebook football ganteng
    garuda gojek google guest hello iloveyou indonesia instagram internet jakarta katasandi keluarga
    keuangan kosong letmein login lunas lunasdemo manchesterunited marketing masuk mekah merdeka
    monkey naruto pancasila pass passphrase passw password passwordku persib persija princess
    principal qwerty qwertyuiop rahasia rahasiaku raja root sandi sayang sayangku secret selamat
    selamatdatang semangat siapa superman surabaya tagihan telkomsel terserah tokopedia user
    username virtualaccount welcome whatsapp winner yogyakarta
    """
_COMMON = frozenset(_COMMON_TEXT.split())


class PasswordNotAccepted(Invalid):
    """A new password breaks the rule."""

    detail = "Kata sandi belum memenuhi syarat: {why}."


def normalise(password: str) -> str:
    """Spell a password one way (NFC), so that every keyboard gives the same bytes."""
    return unicodedata.normalize("NFC", password)


def check_new(password: str, username: str) -> None:
    """Accept a password that somebody wants to have.

    Raises:
        PasswordNotAccepted: it is too short, too long, or one of those that are tried first.
    """
    password = normalise(password)
    if not LENGTH_MIN <= len(password) <= LENGTH_MAX:
        _refuse("length", f"panjangnya {LENGTH_MIN} sampai {LENGTH_MAX} huruf atau tanda")
    folded = password.casefold()
    if username and username.casefold() in folded and len(folded) - len(username) < LENGTH_MIN:
        _refuse("username", "jangan memakai nama pengguna")
    if len(set(folded)) < _DISTINCT_MIN or _is_run(folded) or _is_common(folded):
        _refuse("common", "terlalu umum dan mudah ditebak")


def _refuse(rule: str, why: str) -> None:
    raise PasswordNotAccepted(rule=rule, why=why, field="password")


def _is_run(password: str) -> bool:
    return any(password in run or password[::-1] in run for run in _RUNS)


def _is_common(password: str) -> bool:
    """Tell whether only common words, repeats, digits and signs are in it."""
    plain = re.sub(r"[\W\d_]+$|^[\W\d_]+", "", password).translate(_LOOKALIKES)
    letters = re.sub(r"[\W\d_]", "", plain)
    halves = {letters[: len(letters) // 2], letters[len(letters) // 2 :]}
    return not letters or letters in _COMMON or halves <= _COMMON or _is_run(letters)
