"""Who may write the file of those whose signature counts, asked of Windows itself."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from store import errors
from store.content.signers import find_signers

if sys.platform != "win32":
    pytest.skip("rights of Windows", allow_module_level=True)

from store.windows import descriptors, security


@pytest.mark.parametrize(("opened", "rights"), [("signers", "FW"), ("signers", "FA"), (".", "FA")])
def test_signers_that_others_may_write_or_replace_vouch_for_nobody(
    tmp_path: Path, opened: str, rights: str
) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    signers = folder / "signers"
    signers.write_text("# nobody yet\n")
    assert find_signers(signers) == ()
    path = folder / opened
    own = descriptors.private(security.me(), folder=path.is_dir())
    security.give_rights(path, f"{own}(A;;{rights};;;WD)")
    with pytest.raises(errors.SignersOpen) as refused:
        find_signers(signers)
    assert refused.value.values == {"file": str(signers), "path": str(path)}
