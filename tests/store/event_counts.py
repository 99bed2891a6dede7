"""Every figure of every report counted by plain Python from the records: slow, and by no SQL sum.

What is read are the entries of episodes, answers, decisions and safety steps; not one of the rows
that reports are made of. What each figure means is told here a second time, in other words.
"""

from __future__ import annotations

import json
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from store.repository.store import Store

FINLAND = ZoneInfo("Europe/Helsinki")
CARE = Path(__file__).parents[2] / "pathways" / "care"
COUNTED = ("treatment", "guarantee")

Entry = dict[str, Any]


@dataclass(frozen=True)
class Fact:
    """One thing that is counted: under which month, what it is told by, and what is known of it."""

    kind: str
    month: str
    by: dict[str, Any]
    told: dict[str, Any] = field(default_factory=dict)


def day_of(text: str) -> date:
    return datetime.fromisoformat(text).astimezone(FINLAND).date()


def month(day: date) -> str:
    return day.isoformat()[:7]


def on(entry: Entry) -> date:
    return date.fromisoformat(entry["day"])


def band_of(age: int) -> int:
    return max(low for low in (0, 13, 18, 23, 30, 40, 50, 60, 70, 80) if low <= age)


def add_months(day: date, count: int) -> date:
    year, at = divmod(day.year * 12 + day.month - 1 + count, 12)
    for last in range(day.day, 0, -1):
        try:
            return date(year, at + 1, last)
        except ValueError:
            continue
    raise AssertionError(day)


@dataclass
class Course:
    """One episode: its entries that stand, by day and then as they were written."""

    id: str
    entries: list[Entry]
    by: dict[str, Any]
    born: int | None

    def of(self, *kinds: str) -> list[Entry]:
        return [entry for entry in self.entries if entry["kind"] in kinds]

    @cached_property
    def closed(self) -> Entry | None:
        found = self.of("closed")
        return found[-1] if found else None

    @cached_property
    def need(self) -> date | None:
        found = self.of("need_established")
        return on(found[0]) if found else None

    @cached_property
    def treatments(self) -> list[tuple[Entry, Entry | None]]:
        ends = {entry["period"]: entry for entry in self.of("period_ended")}
        if self.closed and self.closed["how"] == "died":
            dead = {"day": self.closed["day"], "why": "died"}
            return [(e, ends.get(e["period"], dead)) for e in self.of("period_started")]
        return [(e, ends.get(e["period"])) for e in self.of("period_started")]

    @cached_property
    def pauses(self) -> list[tuple[Entry, Entry | None]]:
        found: list[tuple[Entry, Entry | None]] = []
        for entry in self.of("paused", "resumed"):
            stands = bool(found) and found[-1][1] is None
            if entry["kind"] == "paused" and not stands:
                found.append((entry, None))
            elif entry["kind"] == "resumed" and stands:
                found[-1] = (found[-1][0], entry)
        return found


class Records:
    """What a store holds, as it was written."""

    def __init__(self, store: Store, today: date) -> None:
        self.store, self.today = store, today
        care = {
            name: tomllib.loads((CARE / f"{name}.toml").read_text())
            for name in ("deadlines", "measures", "tracks")
        }
        self.given_by = {each["id"]: each.get("given_by") for each in care["tracks"]["track"]}
        self.deadlines, self.measures = care["deadlines"], care["measures"]["measure"]
        self.texts = {
            row["digest"]: {
                "name": row["pathway_id"],
                "version": row["version"],
                **{n: tomllib.loads(t) for n, t in json.loads(row["files"]).items()},
            }
            for row in self.rows("SELECT * FROM pathways")
        }
        self.decided = {
            row["assessment_id"]: row for row in self.rows("SELECT * FROM decisions ORDER BY at")
        }
        self.given = {row["id"]: row for row in self.rows("SELECT * FROM assessments")}
        self.courses = list(self._courses())
        self.course_of = {
            row["assessment_id"]: row["episode_id"] for row in self.rows("SELECT * FROM belongings")
        }

    def rows(self, sql: str, *values: Any) -> list[Entry]:
        cursor = self.store.db.execute(sql, values)
        names = [each[0] for each in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def person(self, client: str, day: date) -> dict[str, Any]:
        card = self.store.clients.get(client)
        age = None if card.birth_year is None else max(0, day.year - card.birth_year)
        moved = self.rows("SELECT unit FROM client_units WHERE client = ? ORDER BY at, id", client)
        added = self.rows("SELECT * FROM clients WHERE id = ?", client)[0]
        worked = self.rows(
            "SELECT unit FROM worker_units WHERE worker = ? AND at <= ? ORDER BY at, id",
            added["created_by"],
            added["created_at"],
        )
        return {
            "age": None if age is None else band_of(age),
            "sex": card.sex,
            "language": card.language if card.language in {"fi", "sv"} else "other",
            "municipality": card.municipality,
            "unit": ([*worked, *moved] or [{"unit": None}])[-1]["unit"],
            "born": card.birth_year,
        }

    def _courses(self) -> Iterator[Course]:
        for episode in self.rows("SELECT * FROM episodes"):
            written = self.rows(
                "SELECT * FROM episode_events WHERE episode_id = ? ORDER BY seq", episode["id"]
            )
            gone = {row["supersedes"] for row in written}
            stands = [
                {**json.loads(row["event"]), "seq": row["seq"]}
                for row in written
                if row["id"] not in gone and row["kind"] != "withdrawn"
            ]
            stands.sort(key=lambda entry: (entry["day"], entry["seq"]))
            if not stands:
                continue
            opened = [entry for entry in stands if entry["kind"] == "opened"]
            by = self.person(episode["client_id"], on((opened or stands)[-1 if opened else 0]))
            born = by.pop("born")
            sent = [entry["referrer"] for entry in stands if entry.get("referrer")]
            groups = [
                entry.get("segment", entry.get("group"))
                for entry in stands
                if entry["kind"] in {"measured", "segment"}
            ]
            told = [group for group in groups if group is not None]
            course = Course(episode["id"], stands, by, born)
            by |= {
                "referrer": sent[-1] if sent else None,
                "segment": told[-1] if told else None,
                "outcome": course.closed["how"] if course.closed else None,
                "age_limit": None
                if by["age"] is None
                else "under_23"
                if by["age"] < 23
                else "from_23",
            }
            yield course

    # -- what is counted ---------------------------------------------------------------------------

    def facts(self) -> Iterator[Fact]:
        for course in self.courses:
            yield from self.course_facts(course)
            yield from self.treatment_facts(course)
            yield from self.law_facts(course)
            yield from self.change_facts(course)
            yield from self.track_facts(course)
        for id_ in self.decided:
            yield from self.assessment_facts(id_)
        yield from self.stop_facts()

    def course_facts(self, course: Course) -> Iterator[Fact]:
        kept = course.of("contact")
        if course.closed:
            yield Fact("closed", month(on(course.closed)), course.by, {"contacts": len(kept)})
        for entry in course.of("contact", "missed"):
            by = {**course.by, "channel": entry.get("channel"), "profession": entry.get("by")}
            turnout = "kept" if entry["kind"] == "contact" else entry["why"]
            yield Fact("contact", month(on(entry)), by, {"turnout": turnout})
        if course.by["segment"] == 4 and course.of("opened"):
            plans = [e for e in course.of("track") if e["track"] == "multi_service"]
            plan = any(entry["what"] == "planned" for entry in plans)
            yield Fact("risk", month(on(course.of("opened")[-1])), course.by, {"plan": plan})
        need = course.need
        if need is None:
            return
        reached = [(on(e) - need).days for e in kept if on(e) >= need]
        begun = [
            max((on(start) - need).days, 0)
            for start, end in course.treatments
            if start.get("counted") in COUNTED
            and (on(start) >= need or end is None or on(end) > need)
        ]
        last = max(on(entry) for entry in course.entries)
        paused = {
            start["why"]
            for start, end in course.pauses
            if (on(end) > on(start) if end else course.closed is None or on(start) < last)
        }
        told = {
            "contact": min(reached, default=None),
            "treatment": min(begun, default=None),
            "paused": paused,
        }
        yield Fact("need", month(need), course.by, told)

    def text_at(self, course: Course, day: date) -> dict[str, Any]:
        known = [e for e in course.of("measured") if e["assessment"] in self.given]
        before = [entry for entry in known if on(entry) <= day]
        nearest = before[-1:] or known[:1]
        if not nearest:
            return {}
        return self.texts[self.given[nearest[0]["assessment"]]["pathway_digest"]]

    def treatment_by(self, course: Course, start: Entry) -> dict[str, Any]:
        forms = self.text_at(course, on(start)).get("interventions.toml", {})
        listed = next(iter(value for value in forms.values() if isinstance(value, list)), [])
        codes = {form["id"]: form.get("code") for form in listed}
        return {
            **course.by,
            "method": start["intervention"],
            "code": codes.get(start["intervention"]),
            "step": start.get("step"),
            "production": start.get("production"),
        }

    def treatment_facts(self, course: Course) -> Iterator[Fact]:
        for start, end in course.treatments:
            by = self.treatment_by(course, start)
            yield Fact("start", month(on(start)), by, {"going_on": end is None})
            if end is None:
                continue
            inside = [e for e in course.entries if e.get("period") == start["period"]]
            rated = [e.get("satisfaction") for e in inside if e["kind"] == "experience"]
            at_end = [end.get("satisfaction")]
            given = [each for each in (*at_end, *rated) if each is not None]
            told = {
                "why": end["why"],
                "contacts": sum(e["kind"] == "contact" for e in inside),
                "weeks": (on(end) - on(start)).days // 7,
                "rating": given[-1] if given else None,
                "onward": end.get("onward"),
                "became": self._became(course, end),
            }
            yield Fact("end", month(on(end)), {**by, "onward": end.get("onward")}, told)

    def _became(self, course: Course, end: Entry) -> str | None:
        where = end.get("onward")
        after = [e for e in course.entries if e["day"] >= end["day"]]
        if any(e["kind"] == "period_started" and e.get("service") == where for e in after):
            return "took_place"
        found = None
        for entry in after:
            if entry["kind"] == "track" and entry.get("where") == where:
                if entry["what"] == "refused":
                    found = "refused"
                elif entry.get("took_place") is False:
                    found = "not"
                elif entry.get("took_place") or entry["what"] in {"met", "begun"}:
                    found = "took_place"
        return found

    def law_facts(self, course: Course) -> Iterator[Fact]:
        for rule in self.deadlines["deadline"]:
            since = self._since(course, rule["starts"])
            if since is None:
                continue
            turning = None if course.born is None else since.year - course.born
            last = (since.month, since.day) == (12, 31)  # nobody's birthday is still to come
            young = turning is None or turning < 23 or (turning == 23 and not last)
            length = rule.get("young" if young else "others")
            if length is None:
                continue
            met, form = self._met(course, rule["ends"], since)
            if met is None and self._is_over(course, rule["starts"]):
                continue
            due = since + timedelta(days=length.get("days", 0))
            due = add_months(due, length.get("months", 0))
            state = self._state(course, since, due, met)
            by = {**course.by, "law": rule["id"], "method": form}
            waits = met is None and course.closed is None
            told = {"state": state, "waited": (self.today - since).days if waits else None}
            yield Fact("law", month(since), by, told)

    def _since(self, course: Course, what: str) -> date | None:
        if what in {"need_established", "need_assessed"}:
            return course.need
        wanted = {"referral_arrived": {"arrived"}, "assessment_done": {"assessed", "begun"}}[what]
        days = [
            on(entry)
            for entry in course.of("track")
            if entry["track"] == "specialised_care" and entry["what"] in wanted
        ]
        return min(days, default=None)

    def _is_over(self, course: Course, starts: str) -> bool:
        """Whether a referral to specialised care has ended, and so owes nothing more."""
        track = [entry for entry in course.of("track") if entry["track"] == "specialised_care"]
        return starts.startswith(("ref", "ass")) and bool(track) and track[-1]["what"] == "ended"

    def _met(self, course: Course, what: str, since: date) -> tuple[date | None, str | None]:
        wanted = {"treatment_started": ("guarantee",)}.get(what, COUNTED)
        counted = [each for each in course.treatments if each[0].get("counted") in wanted]
        found: list[tuple[date, str | None]] = []
        if what == "first_treatment_event":
            forms = {start["period"]: start["intervention"] for start, _ in counted}
            found = [
                (on(entry), forms[entry["period"]])
                for entry in course.of("contact")
                if entry.get("period") in forms and on(entry) >= since
            ]
        elif what in {"treatment_started", "care_started"}:
            found = [
                (on(start), start["intervention"])
                for start, end in counted
                if on(start) >= since or end is None or on(end) > since
            ]
        if not found:
            return None, None
        first = min(found, key=lambda each: each[0])
        return max(first[0], since), first[1]

    def _stands(self, course: Course, since: date, due: date, seen: date) -> tuple[date, bool]:
        """The last day of a time as pauses have moved it, and whether it stands still on a day.

        A pause that began once the time was over moves nothing.
        """
        still, day = False, timedelta(days=1)
        for start, end in course.pauses:
            if on(start) > due:
                break
            goes_on = on(end) if end else seen + day
            at = max(on(start), since + day)
            while at < min(goes_on, seen + day):
                due, at = due + day, at + day
            still = on(start) <= seen < goes_on
        return due, still

    def _state(self, course: Course, since: date, due: date, met: date | None) -> str:
        told = max(on(entry) for entry in course.entries)
        seen = met or (told if course.closed else self.today)
        moved, still = self._stands(course, since, due, max(seen, since))
        if met:
            return "met" if met <= moved else "late"
        if seen > moved:
            return "late"
        if course.closed:
            return "ended"
        return "paused" if still else "running"

    # -- totals ------------------------------------------------------------------------------------

    def _rules(self, course: Course) -> dict[str, Entry]:
        """What a change of each total is, by the text of its latest assessment."""
        found: dict[str, Entry] = {}
        for entry in course.of("measured"):
            text = self.texts[self.given[entry["assessment"]]["pathway_digest"]]
            for name, file in text.items():
                if name.startswith("instruments/") and name.count(".") == 1 and "change" in file:
                    id_ = name.removeprefix("instruments/").removesuffix(".toml")
                    found[f"{id_}.{file['change']['total']}"] = file["change"]
        return found

    def change_facts(self, course: Course) -> Iterator[Fact]:
        rules, steps = self._rules(course), [e.get("step") for e in course.of("measured")]
        first_step = next((step for step in steps if step is not None), None)
        for fact, points in self._series(course).items():
            by = {**course.by, "measure": fact, "step": first_step}
            yield self._changed("change", fact, points, by, rules.get(fact))
            for start, end in course.treatments:
                last = on(end) if end else date.max
                before = [each for each in points if each[0] <= on(start)][-1:]
                inside = [each for each in points if on(start) < each[0] <= last]
                if before or inside:
                    by = {**self.treatment_by(course, start), "measure": fact}
                    yield self._changed("course", fact, before + inside, by, rules.get(fact))

    def _series(self, course: Course) -> dict[str, list[tuple[date, float]]]:
        """Every total of an episode; of a questionnaire filled in elsewhere the last of a day."""
        series: defaultdict[str, list[tuple[date, float]]] = defaultdict(list)
        typed: defaultdict[str, dict[date, float]] = defaultdict(dict)
        elsewhere = {each["fact"] for each in self.measures}
        for entry in course.entries:
            for fact, points in self._totals(entry).items():
                if fact in elsewhere:
                    typed[fact][on(entry)] = points
                else:
                    series[fact].append((on(entry), points))
        return series | {fact: sorted(days.items()) for fact, days in typed.items()}

    def _totals(self, entry: Entry) -> dict[str, float]:
        if entry["kind"] == "measured":
            left = self._answers(entry["assessment"]).get("work.sick_leave_days")
            away = {"work.sick_leave_days": left} if type(left) is int else {}
            return {**entry["scores"], **away}
        if entry["kind"] == "measure":
            facts = {each["id"]: each["fact"] for each in self.measures}
            return {facts[entry["measure"]]: entry["points"]}
        if entry["kind"] == "contact":
            return {f"{name}.total": entry[name] for name in ("ors", "srs") if name in entry}
        return {}

    def _answers(self, assessment: str) -> dict[str, Any]:
        whole = json.loads(self.decided[assessment]["decision"])
        return whole.get("answers") or {}

    def _changed(
        self,
        kind: str,
        fact: str,
        points: list[tuple[date, float]],
        by: dict[str, Any],
        rule: Entry | None,
    ) -> Fact:
        first, last = points[0][1], points[-1][1]
        twice = len(points) > 1
        category = case = None
        if rule is not None:
            gained, least = last - first, rule["reliable"]
            was, still = first >= rule["caseness"], last >= rule["caseness"]
            by = {**by, "start_band": "case" if was else "below"}
            case = "no_case" if not was else "still_case" if still else "no_case_more"
        else:
            known: Entry = next((each for each in self.measures if each["fact"] == fact), {})
            gained, least = last - first, known.get("change", {}).get("points")
            if known.get("worse") == "down":
                gained = -gained
        if least is not None:
            category = (
                "improved" if gained <= -least else "worse" if gained >= least else "unchanged"
            )
        told = {"twice": twice, "category": category, "case": case, "first": first, "last": last}
        return Fact(kind, month(points[0][0]), by, told)

    # -- beside the steps --------------------------------------------------------------------------

    def _turns(self, course: Course, track: str) -> Iterator[list[tuple[date, str, Entry]]]:
        """The rounds of a track: what happened in each, from its beginning to its end."""
        form = self.given_by[track]
        happened: list[tuple[date, int, str, Entry]] = []
        for entry in course.entries:
            at = on(entry)
            if entry["kind"] == "track" and entry["track"] == track:
                happened.append((at, 1, entry["what"], entry))
            elif entry["kind"] == "alcohol" and track == "alcohol":
                happened.append((at, 1, "used", entry))
                happened += [(at, 1, "audit", entry)] * ("audit" in entry)
                happened += [(at, 1, "mini", entry)] * bool(entry.get("mini_intervention"))
            elif entry["kind"] == "measured":
                whole = json.loads(self.decided[entry["assessment"]]["decision"])
                decision = whole["decision"]
                ranked = decision.get("interventions", ())
                beside = [each["id"] for each in ranked if each.get("step") is None]
                if track == "alcohol":
                    scores = {*decision["scores"]} - {*whole.get("not_asked", ())}
                    over = "full_audit" in decision.get("actions", ())
                    over = over and "auditc.total" in scores
                    happened += [(at, 0, "positive", entry)] * over
                    happened += [(at, 0, "audit", entry)] * ("audit.total" in scores)
                elif form in (*decision.get("actions", ()), *beside):
                    happened.append((at, 0, "fired", entry))
        happened.sort(key=lambda each: each[:2])
        turn: list[tuple[date, str, Entry]] = []
        for at, _, what, entry in happened:
            if turn and (turn[-1][1] == "ended" or what == "positive"):
                yield turn
                turn = []
            turn.append((at, what, entry))
        if turn:
            yield turn

    def track_facts(self, course: Course) -> Iterator[Fact]:
        for turn in self._turns(course, "multi_service"):
            reviews = [entry["review_on"] for *_, entry in turn if entry.get("review_on")]
            goes_on = course.closed is None and turn[-1][1] != "ended"
            told = {
                "planned": any(what == "planned" for _, what, _ in turn),
                "person": any(entry.get("role") for _, what, entry in turn if what != "fired"),
                "late": goes_on and bool(reviews) and reviews[-1] < self.today.isoformat(),
            }
            yield Fact("multi", month(turn[0][0]), course.by, told)
        for turn in self._turns(course, "work_ability"):
            places = [entry["where"] for *_, entry in turn if entry.get("where")]
            met = [at for at, what, _ in turn if what == "met"]
            told = {what: True for _, what, _ in turn}
            told["days"] = (met[0] - turn[0][0]).days if met else None
            by = {**course.by, "hub": places[-1] if places else None}
            yield Fact("work", month(turn[0][0]), by, told)
        for turn in self._turns(course, "alcohol"):
            if all(what != "positive" for _, what, _ in turn):
                continue
            given = [(at - turn[0][0]).days for at, what, _ in turn if what == "mini"]
            told = {
                "audit": any(what == "audit" for _, what, _ in turn),
                "mini": min(given, default=None),
            }
            yield Fact("alcohol", month(turn[0][0]), course.by, told)

    # -- assessments -------------------------------------------------------------------------------

    def _about(self, id_: str, day: date) -> dict[str, Any] | None:
        belongs = self.rows("SELECT client FROM belongings WHERE assessment_id = ?", id_)
        if not belongs or belongs[0]["client"] is None:
            return None
        by = self.person(belongs[0]["client"], day)
        by.pop("born")
        text = self.texts[self.given[id_]["pathway_digest"]]
        course = next((c for c in self.courses if c.id == self.course_of.get(id_)), None)
        return {
            **by,
            "pathway": text["name"],
            "version": f"{text['name']} {text['version']}",
            "outcome": course.by["outcome"] if course else None,
            "segment": course.by["segment"] if course else None,
        }

    def assessment_facts(self, id_: str) -> Iterator[Fact]:
        row = self.decided[id_]
        day = day_of(row["at"])
        by = self._about(id_, day)
        if by is None:
            return
        whole = json.loads(row["decision"])
        decision = whole["decision"]
        answers = self.rows("SELECT * FROM answers WHERE assessment_id = ? ORDER BY seq", id_)
        gone = {answer["supersedes"] for answer in answers}
        stand = [answer for answer in answers if answer["id"] not in gone]
        skipped = [answer["question"] for answer in stand if answer["state"] == "skipped"]
        moments = sorted(
            datetime.fromisoformat(at)
            for at in (self.given[id_]["started_at"], row["at"], *(a["at"] for a in answers))
        )
        gaps = [b - a for a, b in pairwise(moments) if b - a <= timedelta(minutes=30)]
        suggested, chosen = row["suggested_step"], row["confirmed_step"]
        way = None
        if row["reason_code"] is None or suggested == chosen:
            way = "same" if chosen is not None and suggested is not None else None
        elif suggested is not None and chosen is not None:
            way = "up" if chosen > suggested else "down"
        over = "full_audit" in decision.get("actions", ())
        asked = "auditc.total" in {*decision["scores"]} - {*whole.get("not_asked", ())}
        by["reason"] = row["reason_code"]
        told = {
            "way": way,
            "minutes": round(sum(gaps, timedelta()) / timedelta(minutes=1)),
            "skipped": len(skipped),
            "auditc": asked,
            "positive": asked and over,
        }
        yield Fact("assessment", month(day), by, told)
        for question in skipped:
            yield Fact("skip", month(day), {**by, "question": question})
        text = self.texts[self.given[id_]["pathway_digest"]]["rules.toml"]
        floors = {
            rule["id"]: rule.get("then_at_least" if "stop" in rule else "at_least")
            for rules in text.values()
            if isinstance(rules, list)
            for rule in rules
        }
        for rule in decision.get("rules", ()):
            one = {**by, "rule": rule["id"]}
            yield Fact("rule", month(day), one)
            if suggested is not None and floors.get(rule["id"]) == suggested:
                yield Fact("decider", month(day), one, told)

    def stop_facts(self) -> Iterator[Fact]:
        steps = self.rows("SELECT * FROM safety ORDER BY at, id")
        gone = {row["supersedes"] for row in steps}
        closed = {row["assessment_id"]: row for row in self.rows("SELECT * FROM closings")}
        for id_, stop in dict.fromkeys((row["assessment_id"], row["stop"]) for row in steps):
            end = self.decided.get(id_) or closed.get(id_)
            day = day_of(end["at"]) if end else None
            by = self._about(id_, day) if day else None
            if day is None or by is None:
                continue
            of_it = [r for r in steps if (r["assessment_id"], r["stop"]) == (id_, stop)]
            stands = [row for row in of_it if row["id"] not in gone]
            firsts = [row for row in of_it if row["supersedes"] is None]
            opened = [
                datetime.fromisoformat(answer["at"])
                for row in firsts
                for answer in self.rows(
                    "SELECT at FROM answers WHERE assessment_id = ? AND seq = ?",
                    id_,
                    row["answers_seq"],
                )
            ]
            last = max(datetime.fromisoformat(row["at"]) for row in firsts)
            told = {
                "minutes": int((last - min(opened)) / timedelta(minutes=1)) if opened else None,
                "not": any(not row["done"] for row in stands),
            }
            yield Fact("stop", month(day), {**by, "stop": stop}, told)
            for row in stands:
                if not row["done"]:  # what somebody wrote beside the code nobody counts
                    yield Fact("not_done", month(day), {**by, "not_done": row["reason"]})
