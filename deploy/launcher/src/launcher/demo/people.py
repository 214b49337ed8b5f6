"""The customers of the demo: invented names and numbers, the same on every machine."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

SEED = 20_261
MAHMUD_NO = 42


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(","))


_MEN = _listed(
    "Agus Priyanto,Iwan Setiadi,Dadang Hermawan,Yusuf Maulana,Hendra Gunawan,Asep Suryana,"
    "Budi Santoso,Rudi Hartono,Eko Prasetyo,Dedi Kurniawan,Ujang Saepudin,Bambang Wijaya,"
    "Ahmad Fauzi,Rizki Ramadhan,Taufik Hidayat,Slamet Riyadi,Joko Susilo,Wahyu Nugroho,"
    "Cecep Rahmat,Arif Budiman,Hasan Basri,Dimas Saputra,Fajar Pratama,Gilang Permana"
)
_WOMEN = _listed(
    "Siti Nurhaliza,Lestari Handayani,Rina Kartika,Siti Aminah,Wulan Sari,Dewi Anggraini,"
    "Nur Hidayah,Yuni Astuti,Ratna Dewi,Fitri Handayani,Euis Komariah,Tuti Alawiyah,"
    "Indah Permatasari,Maya Puspita,Neneng Sumiati,Ani Rohaeni,Dian Pertiwi,Rini Wulandari,"
    "Sri Mulyati,Lilis Suryani,Eka Safitri,Nina Marlina,Ida Farida,Yanti Susanti"
)
_STREETS = _listed(
    "Jl. Pajajaran,Jl. Ciomas Raya,Jl. Dramaga,Jl. Pahlawan,Jl. Sukasari,Jl. Cimanggu,"
    "Jl. Empang,Jl. Tajur,Jl. Bondongan,Perum Taman Cimanggu,Perum Bukit Asri,Kp. Cibeureum"
)
_TOWNS = (
    "Bogor, Jawa Barat",
    "Ciomas, Kab. Bogor, Jawa Barat",
    "Dramaga, Kab. Bogor, Jawa Barat",
    "Depok, Jawa Barat",
    "Cibinong, Kab. Bogor, Jawa Barat",
    "Ciawi, Kab. Bogor, Jawa Barat",
)
_MOBILE_PREFIXES = ("0811", "0812", "0813", "0821", "0822", "0852", "0857", "0858", "0878", "0896")


@dataclass(frozen=True)
class Person:
    """Somebody who buys; ``no`` is the order in which they came."""

    no: int
    name: str
    phone: str
    address: str
    email: str | None
    marketing: str


MAHMUD = Person(
    MAHMUD_NO, "Bapak Mahmud Sulaiman", "0856 110 1133", "Bogor, Jawa Barat", None, "wawan"
)


def people(count: int) -> list[Person]:
    """Invent this many customers; number 42, where there is one, is Bapak Mahmud Sulaiman."""
    random = Random(SEED)  # noqa: S311  # the same people each time are the point
    names, phones = _names(random), _phones(random)
    return [_person(no, random, next(names), next(phones)) for no in range(1, count + 1)]


def _person(no: int, random: Random, name: str, phone: str) -> Person:
    street, town = random.choice(_STREETS), random.choice(_TOWNS)
    address = f"{street} No. {random.randint(1, 180)}, {town}"
    has_email, marketing = random.random() < 0.4, random.choice(("wawan", "sari"))
    if no == MAHMUD_NO:
        return MAHMUD
    plain = name.split(" ", 1)[1].lower().replace(" ", ".")
    return Person(
        no, name, phone, address, f"{plain}@example.com" if has_email else None, marketing
    )


def _names(random: Random) -> Iterator[str]:
    """Everybody in the lists once, then new pairs of first and last names without end."""
    known = [f"Bapak {name}" for name in _MEN] + [f"Ibu {name}" for name in _WOMEN]
    random.shuffle(known)
    yield from known
    while True:
        title, pool = random.choice((("Bapak", _MEN), ("Ibu", _WOMEN)))
        first, last = random.choice(pool).split(" ")[0], random.choice(_MEN).split(" ")[-1]
        yield f"{title} {first} {last}"


def _phones(random: Random) -> Iterator[str]:
    """Mobile numbers in local spelling, none twice."""
    seen: set[str] = set()
    while True:
        phone = random.choice(_MOBILE_PREFIXES) + str(random.randint(1_000_000, 99_999_999))
        if phone not in seen:
            seen.add(phone)
            yield phone
