"""If these fail, one bad edit of a pathway's files stops the work of a whole workplace."""

from __future__ import annotations

from pathlib import Path

import pytest

from store.errors import UnknownRecord
from store.opening.store_file import open_store
from store.records import Assessment, PathwayCopy
from store.repository.store import Store

YOUTH = PathwayCopy(
    digest="sha256:22bb", pathway_id="youth", version="1.0.0", files={"rules.toml": "id = 'ö'"}
)


def test_a_proven_text_is_there_after_closing_though_nothing_used_it(
    store: Store, path: Path, key: bytes, pathway: PathwayCopy
) -> None:
    assert store.pathway_texts.find_last_good() == {}
    store.pathway_texts.keep_last_good(pathway)
    store.close()
    with open_store(path, key, "nurse-2") as other:
        assert other.pathway_texts.find_last_good() == {"adult": pathway.digest}
        assert other.pathway_texts.read_files(pathway.digest) == pathway.files
        assert other.audit_log.find_bad_event() is None
    assert b"rules.toml" not in path.read_bytes()


def test_a_newer_good_text_takes_the_place_and_the_older_stays_readable(
    store: Store, assessment: Assessment, pathway: PathwayCopy
) -> None:
    store.pathway_texts.keep_last_good(pathway)
    newer = pathway.model_copy(update={"digest": "sha256:33cc", "version": "1.1.0"})
    store.pathway_texts.keep_last_good(newer)
    assert store.pathway_texts.find_last_good() == {"adult": "sha256:33cc"}
    assert store.pathway_texts.read_files(assessment.pathway_digest) == pathway.files
    store.pathway_texts.keep_last_good(pathway)
    assert store.pathway_texts.find_last_good() == {"adult": pathway.digest}
    assert store.db.table("pathways").count == 2
    assert store.audit_log.find_bad_event() is None


def test_each_pathway_has_a_last_good_text_of_its_own(store: Store, pathway: PathwayCopy) -> None:
    store.pathway_texts.keep_last_good(pathway)
    store.pathway_texts.keep_last_good(YOUTH)
    assert store.pathway_texts.find_last_good() == {"adult": pathway.digest, "youth": YOUTH.digest}
    store.settings.set("last_good", "another setting")
    store.settings.set("lastXgood.adult", "another setting")
    assert set(store.pathway_texts.find_last_good()) == {"adult", "youth"}


def test_keeping_the_same_text_again_writes_nothing(store: Store, pathway: PathwayCopy) -> None:
    store.pathway_texts.keep_last_good(pathway)
    head = store.audit_log.get_head()
    store.pathway_texts.keep_last_good(pathway)
    assert store.audit_log.get_head() == head


def test_text_and_word_are_kept_together_or_not_at_all(
    store: Store, pathway: PathwayCopy, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut(row: dict[str, str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(store, "put_setting", cut)
    with pytest.raises(KeyboardInterrupt):
        store.pathway_texts.keep_last_good(pathway)
    assert store.pathway_texts.find_last_good() == {}
    with pytest.raises(UnknownRecord):
        store.pathway_texts.read_files(pathway.digest)
    assert store.audit_log.find_bad_event() is None
