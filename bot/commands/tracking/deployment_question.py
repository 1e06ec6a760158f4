"""What can be asked about one tracked deployment, and how."""

from typing import ClassVar, Literal, Self

from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import with_hint
from calculator.errors import QuestionError

Do = Literal[
    "show",
    "pause",
    "resume",
    "retire",
    "restore",
    "audit",
    "becomes",
    "compare",
    "budget",
    "price",
    "tags",
    "owner",
    "rename",
    "source",
    "open",
    "close",
]
WORDS: tuple[Do, ...] = Do.__args__  # type: ignore[attr-defined]

NEEDS = {
    "becomes": "13B on 1xL40S 1000/h",
    "compare": "1xL40S",
    "budget": "$600 a month",
    "price": "pinned",
    "tags": "team=search",
    "owner": "@ada",
    "rename": "help-bot",
    "source": 'https://prometheus.example {model_name="x"}',
}


class DeploymentQuestion(Question):
    """What about this deployment?"""

    word: ClassVar[str] = "deployment"

    name: str
    """What it is called."""
    do: Do = "show"
    """What to do with it."""
    rest: str = ""
    """With what."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`NAME [what [with what]]`."""
        name, _, after = clean(text).partition(" ")
        if not name:
            raise QuestionError("name", "Which deployment? `deployments` lists them.")
        word, _, rest = after.strip().partition(" ")
        do = word.lower() or "show"
        if do not in WORDS:
            raise QuestionError(
                "deployment", with_hint(f"There is no `{word}` here.", word, WORDS, f"There is {', '.join(WORDS)}.")
            )
        if do in NEEDS and not rest.strip():
            raise QuestionError(
                do, f"`deployment {name} {do}` needs to know what, such as `deployment {name} {do} {NEEDS[do]}`."
            )
        return cls.make({"name": name.rstrip(":"), "do": do, "rest": rest.strip()})

    def __str__(self) -> str:
        do = "" if self.do == "show" and not self.rest else self.do
        return " ".join(filter(None, (self.word, self.name, do, self.rest)))
