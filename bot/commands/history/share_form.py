"""The form that shares an answer in a channel, from where there is none: the Home tab."""

from bot.commands.history.stored import ShareQuestion, own_answer
from bot.desk.desk import Desk
from bot.desk.form import Form
from bot.desk.submitted import Fields
from bot.language.shared_words import NUMBERED
from bot.reply import Block
from bot.views.history.share_form import share_form
from calculator.errors import QuestionError
from calculator.team.own import Own


def open_share(rest: str, desk: Desk) -> Block:
    """Where to, for an answer of one's own."""
    match = NUMBERED.fullmatch(rest)
    if match is None:
        raise QuestionError("number", "Which answer? `history` lists yours with their numbers: `form share 12`.")
    stored = own_answer(int(match[1]), desk)
    return share_form(stored.number, stored.question)


def asks_share(fields: Fields, subject: str, own: Own) -> ShareQuestion:  # noqa: ARG001  # every form is read alike
    """The answer in the channel that was chosen."""
    channel = fields.get("channel", "")
    if not channel.startswith(("C", "G")):
        raise QuestionError("channel", "Choose a channel.")
    return ShareQuestion(number=int(subject), channel=channel)


FORM = Form(open_share, asks_share)
