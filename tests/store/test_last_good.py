"""If these fail, one bad edit of a pathway's files stops the work of a whole workplace."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import UnknownRecord
from store.records import Assessment, PathwayCopy
from store.repository.store import Store

YOUTH = PathwayCopy(
    digest="sha256:22bb", pathway_id="youth", version="1.0.0", files={"rules.toml": "id = 'ö'"}
)


def test_a_proven_text_is_there_after_closing_though_nothing_used_it(
    store: Store, path: Path, key: bytes, pathway: PathwayCopy
) -> None:
    assert store.last_good() == {}
    store.keep_good(pathway)
    store.close()
    with Store.open(path, key, "nurse-2") as other:
        assert other.last_good() == {"adult": pathway.digest}
        assert other.pathway_files(pathway.digest) == pathway.files
        assert other.verify_chain() is None
    assert b"rules.toml" not in path.read_bytes()


def test_a_newer_good_text_takes_the_place_and_the_older_stays_readable(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    store.keep_good(pathway)
    newer = pathway.model_copy(update={"digest": "sha256:33cc", "version": "1.1.0"})
    store.keep_good(newer)
    assert store.last_good() == {"adult": "sha256:33cc"}
    assert store.pathway_files(assessment.pathway_digest) == pathway.files
    store.keep_good(pathway)
    assert store.last_good() == {"adult": pathway.digest}
    assert store.db.table("pathways").count == 2
    assert store.verify_chain() is None


def test_each_pathway_has_a_last_good_text_of_its_own(store: Store, pathway: PathwayCopy) -> None:
    store.keep_good(pathway)
    store.keep_good(YOUTH)
    assert store.last_good() == {"adult": pathway.digest, "youth": YOUTH.digest}
    store.set_setting("last_good", "another setting")
    store.set_setting("lastXgood.adult", "another setting")
    assert set(store.last_good()) == {"adult", "youth"}


def test_keeping_the_same_text_again_writes_nothing(store: Store, pathway: PathwayCopy) -> None:
    store.keep_good(pathway)
    head = store.audit_head()
    store.keep_good(pathway)
    assert store.audit_head() == head


def test_text_and_word_are_kept_together_or_not_at_all(
    store: Store, pathway: PathwayCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(row: dict[str, str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "_set", cut)
    with pytest.raises(KeyboardInterrupt):
        store.keep_good(pathway)
    assert store.last_good() == {}
    with pytest.raises(UnknownRecord):
        store.pathway_files(pathway.digest)
    assert store.verify_chain() is None
