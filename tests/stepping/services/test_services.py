"""If these fail, a client is sent to a service that does not take them, or to none at all."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import ValidationError

from stepping.pathway.schema import Area, Service
from stepping.services.hints import service_hints
from stepping.services.match import (
    STALE_DAYS,
    Barrier,
    LeftOut,
    Nearby,
    Reason,
    Seeker,
    barriers_in,
    check_services,
    find_outdated,
    find_services,
)
from store.pathway_files.files import area_files, ids, load, load_areas

DAY = datetime.date(2026, 11, 22)
AREAS = load_areas()
PLAIN = {"municipality": "town", "age": 40}
HOMES = [home.id for area in AREAS for home in area.municipalities]


def service(id_: str, **more: object) -> Service:
    """A service of two towns that stands in the first one, changed here and there."""
    plain: dict[str, object] = {
        "id": id_,
        "name": {"en": id_},
        "municipalities": ["town", "village"],
        "interventions": ["talk"],
        "production": "own",
        "place": "fixed",
        "at": "town",
        "languages": ["fi"],
        "contact": "000",
        "contact_checked": DAY,
    }
    return Service.model_validate({**plain, **more})


def area(*services: Service) -> Area:
    towns = [{"id": id_, "name": {"en": id_}} for id_ in ("town", "village", "city")]
    return Area.model_validate(
        {"id": "area", "county": {"en": "County"}, "municipalities": towns, "service": services}
    )


def near(*services: Service, **client: Any) -> Nearby:
    """What a client of 40 in the town finds, changed here and there."""
    return find_services([area(*services)], "talk", Seeker(**{**PLAIN, **client}))


def names(services: tuple[Service, ...]) -> list[str]:
    return [each.id for each in services]


def barred(*barriers: Barrier) -> frozenset[Barrier]:
    return frozenset(barriers)


# -- groups and order ---------------------------------------------------------------------------


def test_a_service_is_here_elsewhere_or_remote() -> None:
    bus, phone = service("bus", place="mobile"), service("phone", place="remote")
    clinic, everywhere = service("clinic"), service("everywhere", at=None)
    at_home = near(bus, phone, clinic, everywhere)
    assert names(at_home.here) == ["bus", "clinic", "everywhere"]
    assert names(at_home.remote) == ["phone"]
    away = near(bus, phone, clinic, everywhere, municipality="village")
    assert names(away.here) == ["bus", "everywhere"]
    assert names(away.elsewhere) == ["clinic"]
    assert names(away.usable) == ["bus", "everywhere", "clinic", "phone"]


def test_the_shortest_wait_comes_first_and_an_unknown_one_last() -> None:
    waits = {"unknown": None, "long": 9, "now": 0, "short": 3}
    found = near(*(service(id_, waiting_days=wait) for id_, wait in waits.items()))
    assert names(found.here) == ["now", "short", "long", "unknown"]


def test_only_services_of_the_own_county_that_give_it_are_told() -> None:
    found = near(service("other", interventions=["walk"]), municipality="town")
    assert found == Nearby()
    assert near(service("clinic"), municipality="nowhere") == Nearby()
    assert find_services([area(service("clinic"))], "talk", Seeker(None)) == Nearby()


# -- why a service is left out ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "client", "reason"),
    [
        ({"municipalities": ["city"]}, {}, "municipality"),
        ({"ages": {"from": 13, "to": 22}}, {}, "age"),
        ({"languages": ["fi", "sv"]}, {"languages": frozenset({"en"})}, "language"),
        ({"production": "voucher"}, {"barriers": barred("voucher")}, "voucher"),
        ({"needs": ["net"]}, {"barriers": barred("net")}, "net"),
        ({"needs": ["e_id"]}, {"barriers": barred("net")}, "net"),
        ({"needs": ["reading"]}, {"barriers": barred("reading")}, "reading"),
        ({"at": "city"}, {"barriers": barred("transport")}, "transport"),
        (
            {"without_occupational_care": True},
            {"barriers": barred("occupational")},
            "occupational",
        ),
    ],
)
def test_each_thing_against_a_service_is_told(
    changed: dict[str, object], client: dict[str, object], reason: Reason
) -> None:
    one = service("clinic", **changed)
    assert near(one, **client).left_out == (LeftOut(one, (reason,)),)
    assert near(one, **client).usable == ()


@pytest.mark.parametrize(
    ("changed", "client"),
    [
        ({"ages": {"from": 40, "to": 40}}, {}),
        ({"languages": ["en", "fi"]}, {"languages": frozenset({"en"})}),
        ({"languages": ["fi"]}, {"languages": frozenset()}),
        ({"production": "voucher"}, {}),
        ({"without_occupational_care": True}, {}),
        ({}, {"barriers": barred("occupational")}),
        ({"needs": ["doctor_referral"]}, {"barriers": barred("net", "reading")}),
        ({"at": "city"}, {"barriers": barred("voucher")}),
        ({"at": "city", "place": "remote"}, {"barriers": barred("transport")}),
        ({"at": "city", "place": "mobile"}, {"barriers": barred("transport")}),
        ({"at": "city", "near": True}, {"barriers": barred("transport")}),
    ],
)
def test_what_does_not_stand_against_a_service_leaves_it_in(
    changed: dict[str, object], client: dict[str, object]
) -> None:
    found = near(service("clinic", **changed), **client)
    assert names(found.usable) == ["clinic"]
    assert found.left_out == ()


def test_every_reason_is_told_at_once_but_another_municipality_is_enough() -> None:
    wrong = service("clinic", production="voucher", needs=["net"], ages={"to": 17})
    told = near(wrong, barriers=barred("voucher", "net")).left_out
    assert told[0].reasons == ("age", "voucher", "net")
    far = wrong.model_copy(update={"municipalities": ("city",)})
    told = near(far, barriers=barred("voucher", "net")).left_out
    assert told[0].reasons == ("municipality",)


def test_a_near_service_is_for_those_whom_nothing_else_reaches() -> None:
    clinic, nurse = service("clinic"), service("nurse", place="mobile", near=True)
    at_home = near(clinic, nurse)
    assert names(at_home.here) == ["clinic"]
    assert at_home.left_out == (LeftOut(nurse, ("near",)),)
    assert names(near(clinic, nurse, barriers=barred("transport")).here) == ["clinic", "nurse"]
    away = near(clinic, nurse, municipality="village")
    assert (names(away.here), names(away.elsewhere)) == (["nurse"], ["clinic"])
    assert away.left_out == ()


def test_who_refuses_a_voucher_is_owed_an_own_or_bought_service() -> None:
    voucher, own = service("voucher", production="voucher"), service("own")
    refused = barred("voucher")
    assert not near(voucher).needs_unlisted_service
    assert near(voucher, barriers=refused).needs_unlisted_service
    assert near(
        voucher, service("club", production="third_sector"), barriers=refused
    ).needs_unlisted_service
    assert not near(voucher, own, barriers=refused).needs_unlisted_service
    assert not near(
        voucher, service("b", production="bought"), barriers=refused
    ).needs_unlisted_service
    unfit = service("unfit", production="voucher", ages={"to": 17})
    assert not near(unfit, barriers=refused).needs_unlisted_service


def test_answers_tell_of_barriers() -> None:
    assert barriers_in({"need.no_net": "yes", "need.reading": "no"}) == {"net"}
    assert barriers_in({"need.no_voucher": "yes", "need.no_transport": "yes"}) == {
        "voucher",
        "transport",
    }
    assert barriers_in({}) == frozenset()
    assert barriers_in({"work.status": "working"}) == {"occupational"}
    assert barriers_in({"work.status": "unemployed"}) == frozenset()


# -- old dates ----------------------------------------------------------------------------------


@pytest.mark.parametrize("days", [STALE_DAYS - 1, STALE_DAYS, STALE_DAYS + 1])
def test_a_date_is_old_after_half_a_year(days: int) -> None:
    then = DAY - datetime.timedelta(days=days)
    old = {"contact": days} if days > STALE_DAYS else {}
    assert find_outdated(service("clinic", contact_checked=then, waiting_checked=DAY), DAY) == old
    old = {"waiting": days} if days > STALE_DAYS else {}
    assert find_outdated(service("clinic", waiting_checked=then), DAY) == old


# -- our examples -------------------------------------------------------------------------------


WORKING_AGE = (16, 67)
"""Those whom our hubs of work ability take."""


def wanted() -> Iterator[tuple[str, str, int]]:
    """Every intervention of our pathways with the youngest and the oldest whom it is for."""
    for name in ids():
        pathway = load(name)
        whole = pathway.header.ages
        for each in pathway.interventions:
            ages = each.content.ages
            if each.content.child_ages and not (each.content.steps or each.suits):
                continue  # for a younger child's family alone, and not in use everywhere
            low, high = WORKING_AGE if each.id == "work_ability_team" else (0, 130)
            for age in {max(ages.from_, whole.from_, low), min(ages.to, whole.to, high)}:
                yield name, each.id, age


@pytest.mark.parametrize("home", HOMES)
def test_everyone_finds_something_in_finnish_whatever_is_offered(home: str) -> None:
    finnish = frozenset({"fi"})
    lacking = [
        (pathway, intervention, age)
        for pathway, intervention, age in wanted()
        if not find_services(AREAS, intervention, Seeker(home, age, finnish)).usable
    ]
    assert {name for _, name, _ in lacking} == set()


def test_the_examples_show_every_kind_of_service() -> None:
    for county in AREAS:
        services = county.service
        assert {s.place for s in services} == {"fixed", "mobile", "remote"}
        kinds = {"own", "bought", "voucher", "partner", "third_sector"}
        assert {s.production for s in services} == kinds
        assert any(s.near for s in services)
        assert county.example
        assert all(s.contact.startswith("000 ") for s in services)
    kanta, paijat = AREAS
    assert (len(kanta.municipalities), len(paijat.municipalities)) == (11, 10)
    hubs = {home.hub for home in paijat.municipalities}
    assert hubs == {"heinola", "hollola", "orimattila", "lahti"}
    employment = {home.employment_area for home in kanta.municipalities}
    assert employment == {"TyöHäme", "Etelä-Häme"}


def test_the_training_clients_have_services_here_elsewhere_and_remotely() -> None:
    adult = Seeker("hollola", 40, frozenset({"fi"}))
    found = find_services(AREAS, "guided_self_help", adult)
    assert names(found.here) == ["health_station_hollola"]
    assert names(found.remote) == ["self_care_line"]
    therapy = find_services(AREAS, "klt", adult)
    assert names(therapy.here) == ["mental_health_unit_hollola"]
    assert names(therapy.elsewhere) == ["mental_health_unit_lahti"]
    asikkala = find_services(AREAS, "guided_self_help", Seeker("asikkala", 40))
    assert names(asikkala.here) == ["health_bus_asikkala"]
    assert LeftOut(next(s for s in AREAS[1].service if s.near), ("near",)) in asikkala.left_out


# -- the check ----------------------------------------------------------------------------------

FILE = """\
id = "area"
county = { en = "County" }

[[municipalities]]
id = "town"
name = { en = "Town" }

[[municipalities]]
id = "village"
name = { en = "Village" }
hub = "town"

[[service]]
id = "clinic"
name = { en = "Clinic" }
municipalities = ["town", "village"]
interventions = ["talk"]
production = "own"
place = "fixed"
at = "town"
languages = ["fi"]
contact = "000"
contact_checked = 2026-11-02
waiting_days = 3
waiting_checked = 2026-11-02
"""
STEPS = {"small": {0: frozenset({"talk"})}}


def hints(text: str, steps: dict[str, dict[int, frozenset[str]]] = STEPS) -> list[str]:
    return [str(hint) for hint in service_hints(steps, {"area.toml": text}, DAY)]


def faults(text: str) -> list[str]:
    return [str(problem) for problem in check_services(["talk"], {"area.toml": text})]


def test_what_is_in_order_gives_no_fault_and_no_hint() -> None:
    assert faults(FILE) == []
    assert hints(FILE) == []


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('hub = "town"', 'hub = "twon"', "area.toml:11: municipality village: hub 'twon' is not"),
        ('at = "town"', 'at = "tow"', "municipality 'tow' is not known; did you mean 'town'?"),
        ('["talk"]', '["tolk"]', "intervention 'tolk' is not known; did you mean 'talk'?"),
        ('"town", "vi', '"twon", "vi', "municipality 'twon' is not known; did you mean 'town'?"),
        ("waiting_checked = 2026-11-02\n", "", "the waiting time has no date"),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_nearest_name(old: str, new: str, told: str) -> None:
    (fault,) = faults(FILE.replace(old, new))
    assert told in fault


def test_an_id_that_stands_twice_is_a_fault() -> None:
    again = FILE[FILE.index("[[service]]") :]
    assert faults(FILE + again) == ["area.toml:27: service clinic: the id stands twice"]


def test_old_dates_are_hints_with_their_age() -> None:
    old = FILE.replace("contact_checked = 2026-11-02", "contact_checked = 2026-05-25")
    assert hints(old) == [
        "area.toml:23: service clinic: the contact was checked on 2026-05-25, 181 days ago"
    ]
    old = FILE.replace("waiting_checked = 2026-11-02", "waiting_checked = 2025-11-22")
    assert hints(old) == [
        "area.toml:25: service clinic: the waiting time was checked on 2025-11-22, 365 days ago"
    ]


def test_a_step_without_a_service_is_a_hint_for_each_municipality() -> None:
    only_town = FILE.replace('"town", "village"', '"town"')
    assert hints(only_town) == ["area.toml:8: municipality village: no service for step 0 of small"]
    more = {"small": {0: frozenset({"talk"}), 2: frozenset({"walk"}), 3: frozenset({"run"})}}
    assert hints(FILE, more) == [
        f"area.toml:{line}: municipality {home}: no service for step 2, 3 of small"
        for line, home in ((4, "town"), (8, "village"))
    ]


def test_a_voucher_that_nothing_stands_in_for_is_a_hint() -> None:
    voucher = FILE.replace('production = "own"', 'production = "voucher"')
    told = "talk has no own or bought service for those who refuse a voucher"
    assert [hint.endswith(told) for hint in hints(voucher)] == [True, True]
    bought = FILE[FILE.index("[[service]]") :].replace('"clinic"', '"c2"')
    assert hints(voucher + bought.replace('"own"', '"bought"')) == []


def test_a_municipality_of_two_files_has_the_services_of_both() -> None:
    second = FILE.replace('"talk"', '"walk"').replace('"clinic"', '"walks"')
    steps = {"small": {0: frozenset({"talk"}), 1: frozenset({"walk"})}}
    assert service_hints(steps, {"a.toml": FILE, "b.toml": second}, DAY) == ()


def test_a_file_that_cannot_be_read_does_not_hide_hints_of_the_others() -> None:
    files = {
        "a.toml": "id = ",
        "b.toml": FILE.replace("contact_checked = 2026", "contact_checked = 2024"),
    }
    assert len(service_hints(STEPS, files, DAY)) == 1
    assert len(check_services(["talk"], files)) == 1


def test_our_examples_have_only_the_old_dates_that_they_show_on_purpose() -> None:
    steps = {}
    for name in ids():
        by_step: dict[int, frozenset[str]] = {}
        for each in load(name).interventions:
            for step in each.content.steps:
                by_step[step] = by_step.get(step, frozenset()) | {each.id}
        steps[name] = by_step
    told = [str(hint) for hint in service_hints(steps, area_files(), DAY)]
    assert ["checked on" in hint for hint in told] == [True, True]


def test_each_municipality_has_a_number_of_its_own_and_no_price_is_guessed() -> None:
    numbers = [home.number for area in AREAS for home in area.municipalities]
    assert None not in numbers
    assert len(set(numbers)) == len(numbers)
    assert numbers[HOMES.index("hollola")] == "098"
    for wrong in ("98", "0098", "O98", 98):
        towns = [{"id": "town", "name": {"en": "Town"}, "number": wrong}]
        with pytest.raises(ValidationError, match="number"):
            Area.model_validate({"id": "a", "county": {"en": "C"}, "municipalities": towns})
    towns = [{"id": id_, "name": {"en": id_}, "number": "098"} for id_ in ("town", "city")]
    with pytest.raises(ValidationError, match="city and town have one number"):
        Area.model_validate({"id": "a", "county": {"en": "C"}, "municipalities": towns})
    plain = service("plain")
    assert (plain.price, plain.own_share, plain.fee, plain.places_a_week) == (None,) * 4
    assert service("free", fee=0).fee == 0, "free of charge, and not unknown"
    with pytest.raises(ValidationError, match="price"):
        service("wrong", price=-1)
