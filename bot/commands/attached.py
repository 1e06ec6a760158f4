"""A file that comes with a question: what Slack says of it, checked before anything is fetched."""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bot.views.blocks import clip
from bot.views.plan_forms import FILE_TYPES
from calculator.errors import QuestionError

MOST_BYTES = 2 * 2**20
TAKES_A_FILE = re.compile(r"\s*usage\s+\S", re.IGNORECASE)


class Attached(BaseModel):
    """A file, as forms and mentions name it. A file of another organisation may have no address."""

    model_config = ConfigDict(frozen=True)

    name: str | None = None
    size: int | None = None
    url_private_download: str | None = None

    @property
    def title(self) -> str:
        """Its name, in the quotes that messages put around it."""
        return f"“{clip(self.name or 'the file', 100)}”"


def takes_a_file(text: str) -> bool:
    """Whether what is said asks about something that a file can hold."""
    return TAKES_A_FILE.match(text) is not None


def checked(files: Sequence[Attached]) -> Attached | None:
    """The one file, None where there is none; QuestionError says what to attach instead."""
    if len(files) > 1:
        raise QuestionError("file", "Attach one file at a time.")
    for file in files:
        if (file.name or "").rpartition(".")[2].lower() not in FILE_TYPES:
            raise QuestionError("file", f"{file.title} is no CSV file. Save it as .csv, .tsv or .txt and attach that.")
        if (file.size or 0) > MOST_BYTES:
            raise too_large(file)
        return file
    return None


def too_large(file: Attached) -> QuestionError:
    """It has more bytes than are read."""
    return QuestionError("file", f"{file.title} is larger than {MOST_BYTES // 2**20} MiB. Attach it in parts.")
