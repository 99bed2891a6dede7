"""The stage of the screens, for tests that need none of them."""

from __future__ import annotations

from tests.screens.conftest import _elsewhere as _elsewhere
from tests.screens.conftest import _translations as _translations
from tests.screens.conftest import stage as stage
