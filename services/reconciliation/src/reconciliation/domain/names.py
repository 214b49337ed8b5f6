"""Whether a bank's text names somebody: titles, noise, cut words, initials, old spellings.

Banks cut names, turn their words around and mix them with words of their own; Indonesians spell
one name in several ways (Soeharto and Suharto, Mochamad and Muhammad). The order of words never
matters here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.fuzz import ratio

_WORD = re.compile(r"[A-Z]+")
_TITLES = frozenset(
    _WORD.findall(
        "BAPAK BPK BP PAK IBU IB BU SDR SDRI NY NN TN H HJ HAJI HAJJAH DR DRS DRA DRG IR PROF KH"
        " UST USTADZ RADEN R RR PT CV UD TB PD TOKO FA YAYASAN KOPERASI TBK"
    )
)
_NOISE = frozenset(
    _WORD.findall(
        "TRSF TRF TRFDN TRANSFER PEMINDAHAN PINDAH BUKU DARI KE FROM TO FRM DR CR DB KREDIT DEBET"
        " DEBIT KR EBANKING BANKING IBANK MBANK MBANKING MOBILE INTERNET IBMB ATM EDC QRIS BIFAST"
        " FAST BI RTGS SKN LLG SWITCHING ONLINE OTOMATIS ANTAR BANK BNI BRI BCA BSI BTN MANDIRI"
        " CIMB NIAGA PERMATA DANAMON MEGA PANIN OCBC JAGO SEABANK GOPAY OVO DANA SHOPEEPAY SETOR"
        " SETORAN TUNAI TARIK BAYAR BYR PEMBAYARAN PEMB PMBYRN PAYMENT ANGSURAN ANGS ANG CICILAN"
        " CICIL CCL KAVLING KAVELING KAPLING KAV TANAH RUMAH BLOK UNIT CLUSTER UNTUK UTK BUAT BULAN"
        " BLN TAHUN"
        " TAGIHAN TGHN INV INVOICE VA VIRTUAL ACCOUNT ACC NO NOMOR REK REKENING AN ATAS NAMA LUNAS"
        " PELUNASAN DP UANG MUKA BOOKING FEE TITIPAN TERIMA KASIH TRIMS MAKASIH REF REFF NTB SLD"
        " JANUARI FEBRUARI MARET APRIL MEI JUNI JULI AGUSTUS SEPTEMBER OKTOBER NOVEMBER DESEMBER"
        " JAN FEB MAR APR JUN JUL AGT AGS AUG SEP SEPT OKT OCT NOV DES DEC YANG DAN KEPADA ID IDR"
        " RP RUPIAH BANKNEGARA MASUK KELUAR VIA DENGAN PLG PELANGGAN DARIBNI BIF"
    )
)
_ALIKE = {
    "MUHAMAD": _WORD.findall("MOH MUH MOCH MHD MUHD MOHD MOHAMAD MUHAMED MOHAMED MUHAMAT"),
    "ABDUL": ["ABD", "ABDL"],
    "SITI": ["ST", "STI"],
}
_CANONICAL = {spelling: name for name, spellings in _ALIKE.items() for spelling in spellings}
_COMMON = frozenset(
    _WORD.findall("MUHAMAD ABDUL SITI NUR AHMAD SRI DEWI ANAK WAYAN MADE NYOMAN KETUT")
)
_OLD = (
    ("OE", "U"),
    ("OO", "U"),
    ("DJ", "J"),
    ("TJ", "C"),
    ("SJ", "SY"),
    ("CH", "H"),
    ("KH", "H"),
    ("PH", "F"),
    ("V", "F"),
    ("Q", "K"),
)
_TWICE = re.compile(r"([A-Z])\1+")
_CUT, _LONG, _JOINED = 4, 7, 8
"""Letters that a cut word keeps; that make small errors likely; that a name without blanks has."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How well a text names somebody.

    Attributes:
        share: how much of the name is there, 0 to 1.
        letters: how many letters that is; few letters say little.
        found: the words of the name that are there, as the customer spells them.
    """

    share: float = 0.0
    letters: float = 0.0
    found: tuple[str, ...] = ()

    @property
    def is_whole(self) -> bool:
        return self.share > 0.94


@dataclass(frozen=True, slots=True)
class Lookup:
    """How a mark of a customer begins that may be the word or number ``sought``."""

    sought: str
    start: str


def said_words(text: str) -> tuple[str, ...]:
    """Give the words of a text that may be of a name: without titles and the bank's own words."""
    words = (word for word in _words(text) if len(word) > 2)
    return tuple(dict.fromkeys(word for word in words if word not in _NOISE | _TITLES))


def name_words(name: str) -> tuple[str, ...]:
    """Give the words of a name without titles and degrees, or all when nothing else is left."""
    everything = _words(name.partition(",")[0])
    return tuple(word for word in everything if word not in _TITLES) or tuple(everything)


def likeness(text: str, name: str) -> Likeness:
    """Compare a text with a name, whatever the order of the words in either."""
    named = name_words(name)
    whole = "".join(named)
    if len(whole) >= _JOINED and whole in "".join(_words(text)):
        return Likeness(1.0, len(whole), named)
    qualities = _assign([word for word in _words(text) if word not in _TITLES], named)
    weights = [_weight(word) for word in named]
    found = [(word, each) for word, each in zip(named, qualities, strict=True) if each]
    if not any(len(word) > 1 and quality > 0.5 for word, quality in found):
        return Likeness()
    letters = sum(weight * each for weight, each in zip(weights, qualities, strict=True))
    return Likeness(letters / sum(weights), letters, tuple(word for word, _ in found))


def lookups(text: str) -> list[Lookup]:
    """Say which marks to look for so that nobody whom the text may name is missed.

    A word is looked for by its first letters, in old and new spelling: the rest may be cut or
    mistyped.
    """
    found = {Lookup(word, start) for word in said_words(text) for start in _beginnings(word)}
    return sorted(found, key=lambda each: (each.sought, each.start))


@lru_cache(maxsize=4_096)
def plain(word: str) -> str:
    """Write a word in one of its spellings, always the same."""
    for old, new in _OLD:
        word = word.replace(old, new)
    word = _TWICE.sub(r"\1", word)
    return _CANONICAL.get(word, word)


def _words(text: str) -> list[str]:
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _WORD.findall(ascii_only.upper())


def _beginnings(word: str) -> set[str]:
    starts = {word[:3], plain(word)[:3]}
    starts |= {start.replace("U", "OE")[:3] for start in starts}
    for old, new in (("DJ", "J"), ("TJ", "C"), ("CH", "H"), ("KH", "H"), ("V", "F"), ("PH", "F")):
        starts |= {f"{old}{start[1:]}"[:3] for start in starts if start.startswith(new)}
    name = plain(word)
    return starts | {spelling[:3] for spelling in _ALIKE.get(name, ()) if len(spelling) > 2}


def _weight(word: str) -> float:
    letters = min(len(word), 8)
    return letters / 2 if plain(word) in _COMMON or word in _NOISE else letters


def _assign(said: Sequence[str], named: Sequence[str]) -> list[float]:
    """Give each word of the name the best word of the text that no better pair needs."""
    pairs = sorted(
        (
            (-quality, word, named[at], at, where)
            for at in range(len(named))
            for where, word in enumerate(said)
            if (quality := _quality(word, named[at]))
        ),
    )
    taken: set[int] = set()
    qualities = [0.0] * len(named)
    for quality, _, _, at, where in pairs:
        if not qualities[at] and where not in taken:
            qualities[at] = -quality
            taken.add(where)
    return qualities


def _quality(said: str, named: str) -> float:
    """Tell how surely two words are the same, 0 to 1."""
    shorter, longer = sorted((said, named), key=lambda word: (len(word), word))
    if len(shorter) == 1:
        return 0.5 if longer.startswith(shorter) else 0.0
    left, right = plain(said), plain(named)
    if left == right:
        return 1.0
    shorter, longer = sorted((left, right), key=lambda word: (len(word), word))
    if len(shorter) < _CUT:
        return 0.0
    if longer.startswith(shorter):
        return 0.9
    alike = ratio(left, right) / 100
    return alike - 0.1 if alike >= (0.8 if len(shorter) >= _LONG else 0.86) else 0.0
