"""The same answers in a terminal: a message's blocks as plain text, or its JSON."""

import json
import sys
from datetime import UTC, datetime

from bot.desk.asker import Asker
from bot.language.plain import unmarked
from bot.reply import Block, Message
from bot.service import Service
from bot.settings import Settings
from bot.views.kit.blocks import block_text
from calculator.errors import QuestionError
from storage.database import Database
from storage.errors import StorageError

NOT_UNDERSTOOD = 2


def answer_in_terminal(settings: Settings, question: str, *, as_json: bool) -> int:
    """Print the answer; the exit code is 0 for an answer, 2 for a question not understood, 1 for anything else."""
    try:
        database = Database(settings.database_path)
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        service = Service(database, lambda: datetime.now(UTC), settings.command_name)
        reply = service.answer(question.strip() or "help", Asker())
    except QuestionError as error:
        print(f"{error.field}: {error.message}", file=sys.stderr)
        return NOT_UNDERSTOOD
    except StorageError as error:
        print(error, file=sys.stderr)
        return 1
    finally:
        database.close()
    if not isinstance(reply, Message):
        print("Forms open in Slack and in the local workspace; here, type the question.", file=sys.stderr)
        return NOT_UNDERSTOOD
    if reply.file and isinstance(reply.file.content, bytes) and not as_json:
        return _picture(reply.file.content)
    print(json.dumps(reply.data, indent=2, ensure_ascii=False) if as_json else plain(reply))
    return 0


def _picture(content: bytes) -> int:
    """Written where a file takes it, as in `ask "export 12 png" > 12.png`."""
    if sys.stdout.isatty():
        print('A picture is written to a file: ask "export 12 png" > 12.png', file=sys.stderr)
        return NOT_UNDERSTOOD
    sys.stdout.buffer.write(content)
    return 0


def plain(message: Message) -> str:
    """A message as text: buttons are left out, tables aligned, markup removed."""
    if message.file and isinstance(message.file.content, str):
        return message.file.content
    parts = [text for block in message.blocks if (text := _block(block))]
    return "\n\n".join(parts) or unmarked(message.text)


def _block(block: Block) -> str:
    match block["type"]:
        case "section":
            fields = "\n".join(unmarked(field["text"]) for field in block.get("fields", []))
            return "\n".join(filter(None, (unmarked(block.get("text", {}).get("text", "")), fields)))
        case "header":
            return f"{block['text']['text']}\n{'=' * len(block['text']['text'])}"
        case "context":
            return "\n".join(unmarked(element["text"]) for element in block["elements"])
        case "table" | "data_table" | "data_visualization":
            return block_text(block)
        case "rich_text":
            return "".join(piece["text"] for element in block["elements"] for piece in element["elements"])
    return ""
