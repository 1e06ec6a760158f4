"""Every command in one row: its file, its words, its form, what it takes. Rows are data, so that every room may read them.

The file holds a `Command` for each of its words; the form's file holds its `Form`. Both are loaded when they are asked for.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Files:
    """What a file may be that comes with a question."""

    what: str
    """What it holds, in words."""
    types: tuple[str, ...]
    """Its possible endings."""
    needs_name: bool = False
    """Whether the command must say a name before a file can hold the rest."""


@dataclass(frozen=True)
class Entry:
    """The row of a command, or of several that one file answers."""

    file: str
    """The module below bot.commands."""
    words: tuple[str, ...]
    """What one types first, in the order of help; "" is the command that needs no word."""
    synonyms: tuple[str, ...] = ()
    """Other words for the first of them, each with what it says besides: `models models` is `catalog models`."""
    form: str = ""
    """The module below bot.commands that holds its form; empty where there is none."""
    opens_form: bool = False
    """Whether the form opens where nothing follows the first word."""
    shortcuts: tuple[str, ...] = ()
    """Slack's shortcuts that open the form, by their names in the manifest."""
    files: Files | None = None
    """The file that it takes in place of what is typed."""
    keeps_home: bool = False
    """Whether a Home tab shows afterwards what it showed before."""
    decides: bool = False
    """Whether it decides among several answers."""

    @property
    def name(self) -> str:
        """The name of its form: what follows `form`, and what Slack calls the form by."""
        return self.words[0].replace(" ", "") or "estimate"


REGISTRY = (
    Entry(
        "estimates.estimate",
        ("",),
        ("estimate",),
        form="estimates.estimate_form",
        shortcuts=("new_estimate", "size_message"),
    ),
    Entry(
        "decisions.compare",
        ("compare",),
        ("vs",),
        form="decisions.compare_form",
        opens_form=True,
        shortcuts=("compare_options", "compare_message"),
        decides=True,
    ),
    Entry("decisions.recommend", ("recommend",), form="decisions.recommend_form", opens_form=True, decides=True),
    Entry("decisions.break_even", ("break-even",), ("break", "breakeven"), decides=True),
    Entry("scenarios.scenario", ("scenario",), ("scenarios list",)),
    Entry("forms.anyway", ("anyway",)),
    Entry("forms.form", ("form",), ("edit",), keeps_home=True),
    Entry("history.history", ("history",), keeps_home=True),
    Entry("history.stored", ("show", "details", "json"), keeps_home=True),
    Entry("history.stored", ("share", "rerun", "delete", "undelete"), form="history.share_form"),
    Entry("history.export", ("export",)),
    Entry("history.launch", ("launch",), keeps_home=True),
    Entry("decisions.what_if", ("what if",), form="decisions.what_if_form"),
    Entry("tracking.track", ("track",), form="tracking.track_form", opens_form=True),
    Entry("tracking.samples", ("samples",), ("sample",)),
    Entry("tracking.deployments", ("deployments",)),
    Entry("tracking.deployment", ("deployment",), form="tracking.deployment_form"),
    Entry(
        "tracking.usage",
        ("usage",),
        form="tracking.usage_form",
        files=Files("CSV file", ("csv", "tsv", "txt"), needs_name=True),
    ),
    Entry("tracking.summary", ("summary",)),
    Entry("tracking.schedule", ("schedule", "schedules"), form="tracking.schedule_form", opens_form=True),
    Entry("tracking.alerts", ("alerts", "repost")),
    Entry("admin.channels", ("channels",)),
    Entry("team.prices", ("prices",)),
    Entry("team.defaults", ("defaults",), ("default",), form="team.defaults_form"),
    Entry(
        "team.calibrate",
        ("calibrate", "calibrations"),
        form="team.calibrate_form",
        opens_form=True,
        files=Files("output of a benchmark", ("txt", "log", "md", "json", "jsonl", "csv")),
    ),
    Entry(
        "team.model",
        ("model",),
        form="team.model_form",
        opens_form=True,
        files=Files("config.json", ("json", "txt")),
    ),
    Entry("help.catalog", ("catalog",), ("models models", "gpus gpus"), keeps_home=True),
    Entry("help.accuracy", ("accuracy",), keeps_home=True),
    Entry("admin.privacy", ("privacy",)),
    Entry("admin.audit", ("audit",)),
    Entry("help.start", ("start",), ("welcome", "hello"), keeps_home=True),
    Entry("help.help", ("help",), ("?",), keeps_home=True),
)
"""In the order of help."""
ENTRY_OF = {word: entry for entry in REGISTRY for word in entry.words}
SYNONYMS = {
    word: f"{entry.words[0]} {rest}".strip()
    for entry in REGISTRY
    for word, _, rest in (synonym.partition(" ") for synonym in entry.synonyms)
}
"""What is read in place of each synonym."""
FORMS = {entry.name: entry for entry in REGISTRY if entry.form}
"""The commands that have a form, by its name."""
FILES = {entry.name: entry.files for entry in REGISTRY if entry.files}
"""What files commands take, by the word."""
SHORTCUTS = {shortcut: entry for entry in REGISTRY for shortcut in entry.shortcuts}
"""The commands whose form a shortcut opens."""
