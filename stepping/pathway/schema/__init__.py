"""The shape of what clinicians write: one frozen model for each table of a pathway's files.

`docs/pathways.md` explains each key. These models hold what a file says and nothing more; how the
files fit together is `stepping.pathway.model`. There is one module for each kind of file.
"""

from stepping.pathway.schema.base import *
from stepping.pathway.schema.cards import *
from stepping.pathway.schema.examples import *
from stepping.pathway.schema.header import *
from stepping.pathway.schema.instruments import *
from stepping.pathway.schema.interventions import *
from stepping.pathway.schema.questions import *
from stepping.pathway.schema.rules import *
from stepping.pathway.schema.services import *
