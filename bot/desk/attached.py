"""A file that comes with a question: what Slack says of it, checked before anything is fetched."""

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict

from bot.desk.registry import FILES
from bot.language.plain import clip
from calculator.errors import QuestionError

MOST_BYTES = 2 * 2**20
WORD = re.compile(rf"\s*({'|'.join(FILES)})\b(\s+\S)?", re.IGNORECASE)


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


def takes_a_file(text: str) -> str | None:
    """The command word of what is said, where a file can hold what it asks about."""
    match = WORD.match(text)
    word = match[1].lower() if match else ""
    return word if match and (match[2] or not FILES[word].needs_name) else None


def checked(files: Sequence[Attached], word: str) -> Attached | None:
    """The one file of a command that takes one, None where there is none; QuestionError says what to attach instead."""
    kind = FILES[word]
    if len(files) > 1:
        raise QuestionError("file", "Attach one file at a time.")
    for file in files:
        if (file.name or "").rpartition(".")[2].lower() not in kind.types:
            *some, last = (f".{ending}" for ending in kind.types)
            raise QuestionError(
                "file", f"{file.title} is no {kind.what}. Save it as {', '.join(some)} or {last} and attach that."
            )
        if (file.size or 0) > MOST_BYTES:
            raise too_large(file)
        return file
    return None


def too_large(file: Attached) -> QuestionError:
    """It has more bytes than are read."""
    return QuestionError("file", f"{file.title} is larger than {MOST_BYTES // 2**20} MiB. Attach it in parts.")
