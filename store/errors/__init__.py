"""What can go wrong with the store, in three sentences: what happened, what is safe, what next.

The sentences are message ids: screens translate `what`, `safe` and `next` one by one and fill in
`values`. No sentence and no value ever holds anything about a client. An error has a docstring
where its sentences do not say all.

Three roots must not be mixed: `NoAccess`, `NewerThanProgram` and `Damaged`. Only the last one
advises a restore.
"""

from store.errors.access import *
from store.errors.backup import *
from store.errors.base import *
from store.errors.content import *
from store.errors.damage import *
from store.errors.database import *
from store.errors.installation import *
from store.errors.keys import *
from store.errors.newer import *
from store.errors.records import *
from store.errors.site_setup import *
from store.errors.staff import *
from store.errors.training import *
from store.errors.update import *
