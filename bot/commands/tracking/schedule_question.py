"""What can be said of scheduled summaries: a new one, one that is there, or when something would run."""

import re
from datetime import datetime
from typing import ClassVar, Literal, Self

from pydantic import AwareDatetime, Field

from bot.calendar import Calendar, understand
from bot.desk.question import Question
from bot.language.cleaning import clean
from bot.language.grammar import did_you_mean, with_hint
from bot.language.moments import moment
from calculator.errors import QuestionError

Do = Literal["preview", "add", "show", "pause", "resume", "delete", "restore", "run", "becomes"]
ON_ONE: tuple[Do, ...] = ("show", "preview", "pause", "resume", "run", "becomes", "delete", "restore")
EXAMPLE = "schedule every monday 09:00 Europe/Berlin in #llm-costs"
DAY_AND_TIME = r"\d{4}-\d\d-\d\d \d\d?:\d\d\S*"
SETTING = re.compile(rf"(?<!\S)(from|count)\s*=\s*(\"[^\"]*\"|'[^']*'|{DAY_AND_TIME}|\S+)", re.IGNORECASE)
UNKNOWN = re.compile(r"(?<!\S)(?!tz|zone|time)(\w+)\s*=", re.IGNORECASE)
NUMBERED = re.compile(r"#?(\d{1,6})(?:\s+([a-z]+)\b\s*(.*))?", re.IGNORECASE)
CHANNEL = re.compile(
    r"(?:(?:in|to)\s+)?(?:<#((?-i:[CDGUW][A-Z0-9]+))(?:\|[^>]*)?>|(?<=in )(here|this channel)\b)", re.IGNORECASE
)
ABOUT = re.compile(r"(?<!\S)(?:of|about)\s+(?!(?:(?:the|each|every|a)\s+)*month\b)(.+)$", re.IGNORECASE)


class ScheduleQuestion(Question):
    """When does it run, and what becomes of it?"""

    word: ClassVar[str] = "schedule"

    do: Do = "preview"
    """What to do."""
    number: int | None = Field(None, ge=1)
    """Which schedule, where it is about one."""
    spec: str = ""
    """Days, times and zone, as typed."""
    channel: str | None = None
    """Where its summaries go: a channel's id; here where nothing is said."""
    about: str = ""
    """Which deployments: names, tags, `this channel`; all where nothing is said."""
    after: AwareDatetime | None = None
    """Previewed runs come after this moment; after now where nothing is said."""
    count: int = Field(5, ge=1, le=100)
    """How many runs to preview."""

    @classmethod
    def from_text(cls, text: str) -> Self:
        """`preview SPEC [from=ISO] [count=N]`, `SPEC [in CHANNEL] [of WHAT]`, or `NUMBER [what to do]`."""
        words = clean(text)
        word, _, rest = words.partition(" ")
        if word.lower() == "preview":
            return cls._previewed(rest)
        numbered = NUMBERED.fullmatch(words)
        if numbered and (not numbered[2] or numbered[2].lower() in ON_ONE):
            return cls._about_one(int(numbered[1]), (numbered[2] or "show").lower(), numbered[3] or "")
        if numbered and numbered[2].lower() != "of":
            unknown, known = f"There is no `{numbered[2]}` for a schedule.", f"There is {', '.join(ON_ONE)}."
            raise QuestionError("schedule", with_hint(unknown, numbered[2], ON_ONE, known))
        if not words:
            raise QuestionError(
                "schedule", f"`schedule` alone does nothing here. Write `{EXAMPLE}`, or `schedule preview SPEC`."
            )
        return cls.make({"do": "add", **_parts(words)})

    @classmethod
    def _previewed(cls, text: str) -> Self:
        found = SETTING.findall(text)
        spec = _unquoted(SETTING.sub(" ", text))
        if wrong := UNKNOWN.search(spec):
            hint = did_you_mean(wrong[1], ("from", "count"))
            raise QuestionError("schedule", f"There is no “{wrong[1]}” here, only `from=` and `count=`. {hint}".strip())
        settings = {name.lower(): value.strip("\"'") for name, value in found}
        if len(settings) < len(found):
            raise QuestionError("schedule", f"“{text}” says {found[-1][0].lower()} twice. Say it once.")
        Calendar.from_text(spec)
        return cls.make({"spec": spec, **_settings(settings)})

    @classmethod
    def _about_one(cls, number: int, do: str, rest: str) -> Self:
        if rest and do not in {"becomes", "delete"}:
            raise QuestionError("schedule", f"“{rest}” after `schedule {number} {do}` is not understood.")
        parts = _parts(rest) if do == "becomes" else {"spec": rest}
        return cls.make({"do": do, "number": number, **parts})

    def goes_to(self, here: str) -> str | None:
        """A new one posts in this channel, where no other is said."""
        return super().goes_to(here) or (here if self.do == "add" else None)

    def __str__(self) -> str:
        where = f"in <#{self.channel}>" if self.channel else ""
        about = f"of {self.about}" if self.about else ""
        if self.do == "preview" and self.number is None:
            after = f"from={_iso(self.after)}" if self.after else ""
            count = f"count={self.count}" if self.count != 5 else ""
            return " ".join(filter(None, (self.word, "preview", f'"{self.spec}"', after, count)))
        do = "" if self.do in {"add", "show"} else self.do
        number = "" if self.number is None else str(self.number)
        return " ".join(filter(None, (self.word, number, do, self.spec, where, about)))


def _unquoted(text: str) -> str:
    return " ".join(re.sub(r"[\"']", " ", text).split())


def _parts(text: str) -> dict[str, object]:
    """The schedule, the channel and the deployments that the text says; the schedule is read to the end, so that errors come now."""
    about = ABOUT.search(text)
    rest = text[: about.start()] if about else text
    channel = CHANNEL.search(rest)
    spec = _unquoted(rest[: channel.start()] + " " + rest[channel.end() :] if channel else rest)
    spec = re.sub(r"^(?:a |the )?(?:cost )?summary\s+|\s+(?:in|to)$", "", spec, flags=re.IGNORECASE)
    if hashed := re.search(r"#\S+", spec):
        raise QuestionError(
            "channel",
            f"“{hashed[0]}” is no channel that Slack told me of. In Slack, pick it from the list that `#` opens.",
        )
    understand(spec)
    where = channel[1] if channel else None
    return {"spec": spec, "channel": where, "about": about[1].strip() if about else ""}


def _settings(typed: dict[str, str]) -> dict[str, object]:
    values: dict[str, object] = {}
    if "from" in typed:
        values["after"] = moment(typed["from"], "from")
    if "count" in typed:
        if not re.fullmatch(r"-?[0-9]{1,9}", typed["count"]):
            raise QuestionError("count", f"“{typed['count']}” is not a number of runs: write count=5, at most 100.")
        values["count"] = int(typed["count"])
    return values


def _iso(when: datetime) -> str:
    return when.isoformat().replace("+00:00", "Z")
