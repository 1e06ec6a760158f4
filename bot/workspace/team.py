"""The state of the one workspace, in memory."""

import asyncio
import secrets
from collections import deque

from bot.workspace.clock import Clock
from bot.workspace.errors import PersonError
from bot.workspace.models import (
    BOT_USER_ID,
    SLACKBOT_ID,
    Channel,
    File,
    Json,
    Message,
    Person,
    ResponseUrl,
    Scheduled,
    Trigger,
    View,
)

EXCHANGES_KEPT = 400


class Team:
    """People, channels, messages, views; and the version that counts every change."""

    def __init__(self, clock: Clock, app_name: str) -> None:
        self.clock = clock
        self.version = 0
        self.people = {person.id: person for person in first_people(app_name)}
        self.channels = {channel.id: channel for channel in first_channels()}
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.scheduled: dict[str, Scheduled] = {}
        self.notices: deque[Json] = deque(maxlen=50)
        self.exchanges: deque[Json] = deque(maxlen=EXCHANGES_KEPT)
        self._changed = asyncio.Event()
        self.ids = 0
        self._last_ts = 0

    def touch(self) -> None:
        """Count a change and wake whoever waits for one."""
        self.version += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def wait_for_change(self, since: int, timeout_s: float) -> int:
        """Return once the version is past `since`, or after the time-out."""
        if self.version <= since:
            try:
                await asyncio.wait_for(self._changed.wait(), timeout_s)
            except TimeoutError:
                return self.version
        return self.version

    def new_ts(self) -> str:
        """Give a message timestamp that no other message has."""
        self._last_ts = max(self._last_ts + 1, int(self.clock.now() * 1_000_000))
        return f"{self._last_ts // 1_000_000}.{self._last_ts % 1_000_000:06d}"

    def new_id(self, prefix: str) -> str:
        self.ids += 1
        return f"{prefix}0{self.ids:04d}{secrets.token_hex(2).upper()}"

    def log(self, direction: str, name: str, request: object, response: object, status: str) -> None:
        """Keep one exchange between the app and Slack for the inspector."""
        self.ids += 1
        entry = {"id": self.ids, "at": self.clock.now(), "direction": direction, "name": name, "status": status}
        self.exchanges.append({**entry, "request": request, "response": response})
        self.touch()

    def notify(self, person: str, text: str) -> None:
        """Show someone a passing notice."""
        self.ids += 1
        self.notices.append({"id": self.ids, "person": person, "text": text})
        self.touch()

    def person(self, who: str) -> Person:
        """Find someone by id, @name or name."""
        name = who.removeprefix("@").lower()
        for person in self.people.values():
            if who == person.id or name in (person.name.lower(), person.real_name.lower()):
                return person
        raise PersonError(f"There is no person {who!r}.")

    def channel(self, where: str, person: str = "") -> Channel:
        """Find a channel by id, #name or name; "@app" is the person's direct message with the app."""
        if where in ("@app", f"@{self.people[BOT_USER_ID].name}"):
            return self.direct_message(person)
        for channel in self.channels.values():
            if where == channel.id or (channel.kind != "im" and where.removeprefix("#") == channel.name):
                return channel
        raise PersonError(f"There is no channel {where!r}.")

    def direct_message(self, person: str) -> Channel:
        """Find or open the direct message between a person and the app."""
        for channel in self.channels.values():
            if channel.kind == "im" and person in channel.members:
                return channel
        channel = Channel(self.new_id("D"), "directmessage", "im", {person, BOT_USER_ID})
        self.channels[channel.id] = channel
        return channel

    def message(self, channel: str, ts: str) -> Message | None:
        return next((one for one in self.channels[channel].messages if one.ts == ts), None)

    def post(self, message: Message) -> Message:
        """Put a message into its channel."""
        channel = self.channels[message.channel]
        channel.messages.append(message)
        if message.thread_ts:
            channel.threads.add(message.thread_ts)
        self.touch()
        return message

    def tell(self, channel: str, person: str, text: str) -> None:
        """Let Slackbot say something that one person sees."""
        self.post(Message(channel, self.new_ts(), SLACKBOT_ID, text, visible_to=person))

    def find_view(self, view_id: str) -> View | None:
        stacked = [view for stack in self.stacks.values() for view in stack]
        return next((view for view in [*stacked, *self.homes.values()] if view.id == view_id), None)


def first_people(app_name: str) -> list[Person]:
    """Give the people who are there from the start."""
    return [
        Person("U0LOCALADA", "ada", "Ada Admin", is_admin=True),
        Person("U0LOCALBEN", "ben", "Ben Builder", tz="Europe/Berlin"),
        Person("U0LOCALGIA", "gia", "Gia Guest", is_guest=True, tz="Asia/Kolkata"),
        Person(BOT_USER_ID, app_name.lower().replace(" ", "_"), app_name, is_bot=True),
        Person(SLACKBOT_ID, "slackbot", "Slackbot", is_bot=True),
    ]


def first_channels() -> list[Channel]:
    """Give the channels that are there from the start."""
    ada, ben, gia, app = "U0LOCALADA", "U0LOCALBEN", "U0LOCALGIA", BOT_USER_ID
    return [
        Channel("C0GENERAL1", "general", "public", {ada, ben, gia, app}, topic="Company-wide announcements"),
        Channel("C0LLMCOSTS", "llm-costs", "public", {ada, ben, app}, topic="What our models cost us"),
        Channel("C0RANDOM01", "random", "public", {ada, ben}, topic="The app is not in this channel"),
        Channel("C0PRIVATE1", "capacity-planning", "private", {ada, ben, app}, topic="Private"),
        Channel("C0PRIVATE2", "board-private", "private", {ada}, topic="Private, without the app"),
        Channel("C0ARCHIVED", "old-launch", "public", {ada, ben, app}, is_archived=True),
    ]
