"""If these fail, what a class did is lost, or a file that was changed passes for what it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stepping.training.records import (
    ClassCase,
    ClassRecord,
    DrillTry,
    FlipTry,
    Judgement,
    Place,
    RecordFault,
    SeatRecord,
    read_record,
    write_record,
)

ID = "0190a0f0-0000-7000-8000-00000000000{}"
AT = "2026-11-30T12:00:00.000Z"
DIGEST = "0" * 64


def judgement(number: int = 1, *, class_id: str | None = None, step: int = 2) -> Judgement:
    return Judgement(
        id=ID.format(number),
        at=AT,
        case="sleepless_teacher",
        case_digest=DIGEST,
        class_id=class_id,
        mode="judge",
        pathway="adult",
        digest=DIGEST,
        answers={"phq9.1": 3, "danger.suicide": "no", "problem.main": ("work", "sleep")},
        stops=(),
        step=step,
        because=("gad7.total",),
        words="kuormitus – mutta työ sujuu",
        suggested=1,
    )


def class_record() -> ClassRecord:
    return ClassRecord(
        id=ID.format(9),
        name="syksy",
        opened=AT,
        seats=("koivu", "haapa"),
        cases=(ClassCase(id="sleepless_teacher", digest=DIGEST, text="x"),),
        pathways={"adult": DIGEST},
    )


def whole() -> SeatRecord:
    common = {"at": AT, "case": "sleepless_teacher", "case_digest": DIGEST}
    flip = FlipTry(id=ID.format(2), fact="gad7.1", right=True, **common)
    drill = DrillTry(id=ID.format(3), card="mania", right=False, seconds=4.5, **common)
    place = Place(id=ID.format(4), done=2, of=30, class_id=ID.format(9), **common)
    record = SeatRecord(seat="koivu", now=place)
    for entry in (judgement(class_id=ID.format(9)), flip, drill):
        record = record.with_entry(entry)
    return record


def test_records_are_read_as_they_were_written() -> None:
    assert read_record(write_record(whole()), SeatRecord) == whole()
    assert read_record(write_record(class_record()), ClassRecord) == class_record()


def test_a_try_is_kept_once() -> None:
    assert whole().with_entry(judgement()) == whole()


def test_a_class_sees_its_own_tries_alone() -> None:
    seen = whole().of_class(ID.format(9))
    assert [each.kind for each in seen.entries] == ["judgement"]
    assert whole().of_class(ID.format(8)).entries == ()


@given(st.data())
def test_whatever_is_changed_by_hand_is_found(data: st.DataObject) -> None:
    written = write_record(whole()).decode()
    at = data.draw(st.integers(0, len(written) - 1))
    char = data.draw(st.characters(min_codepoint=32, max_codepoint=0x17F))
    changed = written[:at] + char + written[at + 1 :]
    if json_or_none(changed) == json.loads(written):
        return
    with pytest.raises(RecordFault):
        read_record(changed.encode(), SeatRecord)


def json_or_none(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return None


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"", "unreadable"),
        (b"\xff\xfe", "unreadable"),
        (b"[" * 100_000, "unreadable"),
        (b"[]", "foreign"),
        (b'{"format": "porras-class", "version": 1}', "foreign"),
        (b'{"format": "porras-seat", "version": 2}', "newer"),
        (b'{"format": "porras-seat", "version": "1"}', "unreadable"),
        (b'{"format": "porras-seat", "version": 1, "seal": "0"}', "changed"),
    ],
)
def test_another_file_is_told_for_what_it_is(data: bytes, kind: str) -> None:
    with pytest.raises(RecordFault) as fault:
        read_record(data, SeatRecord)
    assert fault.value.kind == kind


@pytest.mark.parametrize("at", ["2026-13-40T99:00:00.000Z", "0001-01-01T00:00:00.000Z"])
def test_a_day_that_no_calendar_has_is_told_and_ends_no_page(at: str) -> None:
    odd = judgement().model_copy(update={"at": at})
    with pytest.raises(RecordFault) as fault:
        read_record(write_record(SeatRecord(seat="koivu", entries=(odd,))), SeatRecord)
    assert fault.value.kind == "unreadable"


def test_no_depth_of_brackets_is_too_much() -> None:
    depths = [*range(900, 1010), 100_000]
    for depth in depths:
        deep = "[" * depth + "]" * depth
        with pytest.raises(RecordFault):
            read_record(
                f'{{"format": "porras-seat", "version": 1, "x": {deep}}}'.encode(), SeatRecord
            )
