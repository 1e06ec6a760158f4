"""What the owner of a schedule is told in a direct message: that something was not posted, may not have been, or is paused."""

from datetime import datetime

from bot.desk.records import Post, Schedule
from bot.reply import Message
from bot.views.kit.blocks import actions, button, escape, section
from bot.views.kit.format import date

REASONS = {
    "is_archived": "the channel is archived",
    "not_in_channel": "I am not in the channel: invite me there",
    "channel_not_found": "I cannot see the channel: invite me there, or it is gone",
    "restricted_action": "an admin restricted who may post there",
    "account_inactive": "my account is not active",
    "token_revoked": "my token was revoked",
    "missing_scope": "a scope is missing",
}


def not_posted(post: Post, schedule: Schedule | None, problem: str, *, certain: bool = False) -> Message:
    """It did not arrive, or nobody knows whether it did: it is not posted twice by itself."""
    what = f"The summary of schedule {schedule.number}" if schedule else f"An {post.kind}"
    verdict = "was not posted" if certain else "may not have arrived"
    advice = (
        "Post it now if it is still wanted."
        if certain
        else "I have not posted it twice. If it is missing there, post it again."
    )
    text = f"{what} for <#{post.channel_id}>, due {date(post.due_at)}, {verdict}: {escape(problem)}. {advice}"
    again = actions(button("Post it now" if certain else "Post it again", "again", f"repost {post.id}"))
    return Message(text=f"{what} {verdict}.", blocks=(section(f":warning: {text}"), again))


def paused(schedule: Schedule, reason: str) -> Message:
    """Slack refused it several times."""
    why = REASONS.get(reason, f"Slack says {reason}")
    text = f"Schedule {schedule.number} is paused: its summary could not be posted in <#{schedule.channel_id}>, since {escape(why)}."
    buttons = actions(
        button("Resume", "resume", f"schedule {schedule.number} resume"),
        button("Show it", "show", f"schedule {schedule.number}"),
    )
    return Message(text=f"Schedule {schedule.number} is paused: {why}.", blocks=(section(f":warning: {text}"), buttons))


def missed(schedule: Schedule, due: datetime, following: datetime | None) -> Message:
    """The bot was not running when it was due, for too long."""
    ahead = f" The next one is {date(following)}." if following else ""
    text = f"The summary of schedule {schedule.number} for <#{schedule.channel_id}>, due {date(due)}, was skipped: I was not running, and it was more than six hours late."
    show = button("Show the schedule", "show", f"schedule {schedule.number}")
    return Message(
        text=f"A summary of schedule {schedule.number} was skipped.",
        blocks=(section(f":warning: {text}{ahead}"), actions(show)),
    )


def retimed(schedule: Schedule, following: datetime) -> Message:
    """The rules of its time zone changed: the next run is at another moment than it was said to be."""
    text = f"Schedule {schedule.number}, `{escape(schedule.spec)}`, runs next {date(following)}: the rules of its time zone have changed."
    show = button("Show the schedule", "show", f"schedule {schedule.number}")
    return Message(
        text=f"Schedule {schedule.number} has moved with its time zone.", blocks=(section(text), actions(show))
    )
