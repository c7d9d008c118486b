"""Invented people and groups with the identity providers' own attributes, in several languages and scripts.

The same arguments give the same person. Everything belongs to the ranges reserved for examples: addresses at
example.com, telephone numbers 555-01xx. Every name carries `mark`, by which a clean-up recognises what a run left.
"""

import unicodedata
import uuid
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Any, Final, Literal

Kind = Literal["diacritics", "apostrophes", "cjk", "rtl", "long", "missing"]

LOCALES: Final[Mapping[str, tuple[str, ...]]] = {
    "diacritics": ("pl_PL", "fr_FR"),
    "apostrophes": ("en_IE",),
    "cjk": ("ja_JP", "zh_CN"),
    "rtl": ("ar_AA", "he_IL"),
}
"""The locales whose people have names of a kind."""
LONG: Final = 256
"""Characters of a long value."""

_DRAWS: Final = 200
_TEXTS: Final = ("job", "department", "office", "city", "street", "state", "organization", "division")
_WORDS: Final[Mapping[str, tuple[tuple[str, ...], ...]]] = {
    "en_US": (
        ("Clerk", "Head of Sales", "Night Editor", "Purchaser"),
        ("Finance", "Legal", "Purchasing", "Quality"),
        ("Room 12, East Wing", "Room 7, Main Building", "Desk 31, Annex"),
        ("Springfield", "Riverton", "Fairview", "Georgetown"),
        ("1 Main Street", "22 Oak Avenue", "317 Lake Road"),
        ("NY", "CA", "TX", "WA"),
        ("Example Works", "Example Trade"),
        ("Research", "Consumer Goods", "Services"),
    ),
    "pl_PL": (
        ("Księgowy", "Główny inżynier"),
        ("Sprzedaż", "Łączność"),
        ("Piętro 3, skrzydło północne", "Pokój 12"),
        ("Łódź", "Gdańsk", "Kraków"),
        ("ul. Świętokrzyska 12", "ul. Źródlana 3"),
        ("Śląskie", "Małopolskie"),
        ("Przykład Śląsk", "Przykład Łódź"),
        ("Żegluga", "Obsługa"),
    ),
    "fr_FR": (
        ("Ingénieur qualité", "Chargée de projet, éveillée"),
        ("Comptabilité", "Sécurité"),
        ("Bâtiment B, 2ᵉ étage", "Bâtiment Â"),
        ("Besançon", "Orléans"),
        ("3, rue de la Liberté", "8, allée des Érables"),
        ("Île-de-France", "Rhône-Alpes"),
        ("Société Exemple", "Exemple & Frères"),
        ("Études", "Ingénierie"),
    ),
    "en_IE": (
        ("Owners' Representative", "Bailiff's Clerk"),
        ("People's Services", "Members' Affairs"),
        ("King's Court, Room 4", "Porter's Lodge"),
        ("King's Lynn", "St. John's"),
        ("12 St. Stephen's Green", "3 Bishop's Walk"),
        ("Queen's County", "King's County"),
        ("O'Example & Sons", "D'Example's"),
        ("Women's Wear", "Children's Books"),
    ),
    "ja_JP": (
        ("主任研究員", "営業部長"),
        ("経理部", "人事部"),
        ("本館三階", "別館二階"),
        ("横浜市", "札幌市"),
        ("中央区一丁目二番三号", "北区四丁目五番"),
        ("神奈川県", "北海道"),
        ("見本株式会社", "例示商事"),
        ("研究開発", "営業"),
    ),
    "zh_CN": (
        ("高级工程师", "会计"),
        ("财务部", "人力资源部"),
        ("三号楼二层", "主楼"),
        ("广州市", "成都市"),
        ("人民路十二号", "解放路三号"),
        ("广东省", "四川省"),
        ("示例有限公司", "范例集团"),
        ("研发", "销售"),
    ),
    "ar_AA": (
        ("مهندس أول", "محاسب"),
        ("المالية", "الموارد البشرية"),
        ("المبنى الرئيسي", "الطابق الثاني"),
        ("القاهرة", "دمشق"),
        ("شارع النيل ١٢", "شارع الحرية ٣"),
        ("الجيزة", "حلب"),
        ("شركة المثال", "مؤسسة المثال"),
        ("البحوث", "المبيعات"),
    ),
    "he_IL": (
        ("מהנדסת בכירה", "רואה חשבון"),
        ("כספים", "משאבי אנוש"),
        ("בניין ראשי", "קומה שנייה"),
        ("חיפה", "באר שבע"),
        ("רחוב הרצל 12", "רחוב הנביאים 3"),
        ("צפון", "דרום"),
        ("חברת דוגמה", "דוגמה ובניו"),
        ("מחקר", "מכירות"),
    ),
}
"""Words of each language for what Faker has none of, in the order of _TEXTS."""

_LANGUAGES: Final = {
    "en_US": ("en-US", "de-DE"),
    "pl_PL": ("pl-PL", "en-US"),
    "fr_FR": ("fr-FR", "en-US"),
    "en_IE": ("en-IE", "en-US"),
    "ja_JP": ("ja-JP", "en-US"),
    "zh_CN": ("zh-CN", "en-US"),
    "ar_AA": ("ar-EG", "en-US"),
    "he_IL": ("he-IL", "en-US"),
}
_COUNTRIES: Final = {
    "pl_PL": "PL",
    "fr_FR": "FR",
    "en_IE": "IE",
    "ja_JP": "JP",
    "zh_CN": "CN",
    "ar_AA": "EG",
    "he_IL": "IL",
}
_ZONES: Final = ("America/New_York", "Europe/Berlin", "Asia/Tokyo")
_IRISH: Final = ("O'Brien", "O'Neill", "D'Angelo", "O'Connor")
_IRISH_GIVEN: Final = ("D'Arcy", "Da'Shawn", "Ma'ayan", "N'Golo")


# -- what a value is like ---------------------------------------------------------------------------


def shows(kind: str, value: Any) -> bool:
    """Tell whether a value is one of a kind: with diacritics, of a script, with an apostrophe, or long."""
    if isinstance(value, list | tuple):
        return any(shows(kind, each) for each in value)
    if not isinstance(value, str):
        return False
    match kind:
        case "diacritics":
            decomposed = unicodedata.normalize("NFD", value)
            return any(unicodedata.combining(each) for each in decomposed) or any(each in "łŁøØđĐ" for each in value)
        case "apostrophes":
            return "'" in value
        case "cjk":
            return any(_is_cjk(each) for each in value)
        case "rtl":
            return any(unicodedata.bidirectional(each) in ("R", "AL") for each in value)
        case "long":
            return len(value) >= LONG
    return False


def _is_cjk(character: str) -> bool:
    name = unicodedata.name(character, "")
    return name.startswith(("CJK UNIFIED", "HIRAGANA", "KATAKANA", "HANGUL"))


# -- words of one person -------------------------------------------------------------------------------


@cache
def _faker(locale: str) -> Any:
    from faker import Faker  # noqa: PLC0415 - heavy, and only needed once somebody is invented

    return Faker(locale, use_weighting=False)


@cache
def _name(locale: str, seed: int) -> tuple[str, str]:
    """Return a given name and a surname in which the language shows."""
    if locale == "en_IE":
        return _IRISH_GIVEN[seed % len(_IRISH_GIVEN)], _IRISH[seed % len(_IRISH)]
    faker = _faker(locale)
    faker.seed_instance(seed)
    kind = next((kind for kind, locales in LOCALES.items() if locale in locales), "")
    return _drawn(faker.first_name, kind), _drawn(faker.last_name, kind)


def _drawn(draw: Callable[[], str], kind: str) -> str:
    names = (str(draw()) for _ in range(_DRAWS))
    return next((name for name in names if not kind or shows(kind, name)), str(draw()))


def _words(locale: str, seed: int) -> dict[str, str]:
    every = _WORDS.get(locale, _WORDS["en_US"])
    words = {name: known[seed % len(known)] for name, known in zip(_TEXTS, every, strict=True)}
    words["given"], words["family"] = _name(locale, seed)
    words["language"] = _one(_LANGUAGES.get(locale, _LANGUAGES["en_US"]), seed)
    words["country"] = _one((_COUNTRIES.get(locale, "US"), "DE"), seed)
    words["postal"] = f"{10001 + seed % 80000:05d}"
    return words


def words(locale: str, seed: int = 0) -> str:
    """Return a short text of a language, for attributes that a customer has added."""
    return _words(locale, seed)["department"]


def _one(words: Sequence[str], seed: int) -> str:
    return words[seed % len(words)]


def _phone(seed: int, line: int) -> str:
    """Return a number as people write it, of those that are given to nobody."""
    return f"+1 {201 + line}-555-{100 + seed % 100:04d}"


def _address(mark: str, locale: str, seed: int) -> str:
    """Return a user name; an apostrophe is a lawful part of one."""
    name = f"{mark}.{_name(locale, seed)[1].lower()}" if locale == "en_IE" else mark
    return f"{name}@example.com"


# -- people ------------------------------------------------------------------------------------------------


def entra_person(mark: str, seed: int = 0, locale: str = "en_US", **overrides: Any) -> dict[str, Any]:
    """Return a user of Entra ID; `overrides` replace attributes, None takes one away."""
    words, address = _words(locale, seed), _address(mark, locale, seed)
    person: dict[str, Any] = {
        "objectId": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{mark}.user.example.com")),
        "userPrincipalName": address,
        "mail": address,
        "mailNickname": address.partition("@")[0],
        "givenName": words["given"],
        "surname": words["family"],
        "displayName": f"{words['given']} {words['family']} {mark}",
        "jobTitle": words["job"],
        "department": words["department"],
        "companyName": words["organization"],
        "employeeId": f"{mark}{seed}",
        "physicalDeliveryOfficeName": words["office"],
        "streetAddress": words["street"],
        "city": words["city"],
        "state": words["state"],
        "postalCode": words["postal"],
        "country": words["country"],
        "telephoneNumber": _phone(seed, 0),
        "mobile": _phone(seed, 1),
        "facsimileTelephoneNumber": _phone(seed, 2),
        "preferredLanguage": words["language"],
        "proxyAddresses": [f"other.{address}"],
        "manager": None,
        "appRoleAssignments": [],
        "accountEnabled": True,
    }
    return _with(person, overrides)


def okta_person(mark: str, seed: int = 0, locale: str = "en_US", **overrides: Any) -> dict[str, Any]:
    """Return a user of Okta; `overrides` replace attributes, None takes one away."""
    words, address = _words(locale, seed), _address(mark, locale, seed)
    person: dict[str, Any] = {
        "id": f"00u{uuid.uuid5(uuid.NAMESPACE_DNS, f'{mark}.user.example.com').hex[:17]}",
        "status": "ACTIVE",
        "login": address,
        "email": address,
        "secondEmail": f"other.{address}",
        "firstName": words["given"],
        "lastName": words["family"],
        "middleName": _one(("Lee", "Jo"), seed),
        "honorificPrefix": _one(("Dr.", "Prof."), seed),
        "honorificSuffix": _one(("Jr.", "III"), seed),
        "displayName": f"{words['given']} {words['family']} {mark}",
        "nickName": words["given"],
        "profileUrl": f"https://example.com/people/{mark}/{seed}",
        "title": words["job"],
        "userType": _one(("Employee", "Contractor"), seed),
        "preferredLanguage": words["language"],
        "locale": words["language"],
        "timezone": _one(_ZONES, seed),
        "primaryPhone": _phone(seed, 0),
        "mobilePhone": _phone(seed, 1),
        "streetAddress": words["street"],
        "city": words["city"],
        "state": words["state"],
        "zipCode": words["postal"],
        "countryCode": words["country"],
        "postalAddress": f"{words['street']}, {words['city']}",
        "employeeNumber": f"{mark}{seed}",
        "costCenter": f"{4100 + seed % 900}",
        "organization": words["organization"],
        "division": words["division"],
        "department": words["department"],
        "managerId": None,
        "manager": None,
    }
    return _with(person, overrides)


def entra_group(mark: str, seed: int = 0, locale: str = "en_US", **overrides: Any) -> dict[str, Any]:
    """Return a group of Entra ID."""
    group: dict[str, Any] = {
        "objectId": str(uuid.uuid5(uuid.NAMESPACE_DNS, f"{mark}.group.example.com")),
        "displayName": f"{_words(locale, seed)['department']} {mark}",
        "mailNickname": f"{mark}group",
        "description": f"{_words(locale, seed)['division']} {mark}",
        "members": [],
        "securityEnabled": True,
    }
    return _with(group, overrides)


def okta_group(mark: str, seed: int = 0, locale: str = "en_US", **overrides: Any) -> dict[str, Any]:
    """Return a group of Okta."""
    group: dict[str, Any] = {
        "id": f"00g{uuid.uuid5(uuid.NAMESPACE_DNS, f'{mark}.group.example.com').hex[:17]}",
        "name": f"{_words(locale, seed)['department']} {mark}",
        "description": f"{_words(locale, seed)['division']} {mark}",
        "members": [],
    }
    return _with(group, overrides)


def _with(attributes: dict[str, Any], overrides: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in {**attributes, **overrides}.items() if value is not None}


# -- changes -------------------------------------------------------------------------------------------------

_SHORT: Final = {
    *("userPrincipalName", "mail", "mailNickname", "postalCode", "country", "preferredLanguage", "telephoneNumber"),
    *("mobile", "facsimileTelephoneNumber", "objectId", "id", "login", "email", "secondEmail", "status", "profileUrl"),
    *("locale", "timezone", "primaryPhone", "mobilePhone", "zipCode", "countryCode", "managerId", "manager"),
}
"""What has a form of its own, so that no text of 256 characters can stand in for it."""


def lengthened(person: Mapping[str, Any]) -> dict[str, Any]:
    """Return a person whose texts have 256 characters each, those aside whose form does not allow it."""
    return {
        name: (f"{value} " * LONG)[: LONG - 1] + "." if isinstance(value, str) and name not in _SHORT else value
        for name, value in person.items()
    }
