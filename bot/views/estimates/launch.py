"""The launch line of an option: the command to copy, what to know about it, and what it rests on."""

import re

from bot.answers.kinds import EstimateAnswer, HostedAnswer
from bot.language.plain import clip
from bot.reply import Message
from bot.views.estimates.verdict import name_of
from bot.views.kit.blocks import actions, button, context, escape, preformatted, section
from bot.views.kit.format import percent
from calculator.estimates.estimate import Estimate
from calculator.launch.command import Launch

WIDE = 80
"""From this many characters on, a command has one flag a line."""
FLAG = re.compile(r" (?=--?[a-z])")
MOST = 900


def launch_view(answer: EstimateAnswer, launch: Launch, *, number: int, why: str, since: str) -> Message:
    """The command with its notes; `why` says why this option, `since` what changed since it was stored."""
    title = f"*{'Launch line' if launch.lines else 'No launch line'} of #{number}*: {escape(name_of(answer))}"
    notes = "\n".join(f"• {escape(note)}" for note in launch.notes)
    blocks = [
        section(f"{title}, {escape(launch.engine)}.{f' {escape(why)}' if why else ''}"),
        *(preformatted(on_lines(line)) for line in launch.lines),
        *([section(notes)] if notes else []),
        context(f"Assumed: {escape(assumed(answer.estimate))}.", escape(clip(since, MOST))),
        actions(button("Details", "details", f"details {number}")),
    ]
    data = {"number": number, "option": name_of(answer), **launch.model_dump(mode="json")}
    return Message(text=clip(" ".join((*launch.lines, *launch.notes)), 3000), blocks=tuple(blocks), data=data)


def nothing_to_launch(answer: HostedAnswer, *, number: int) -> Message:
    """A service runs at its provider."""
    text = f"{name_of(answer)} is a service: there is nothing to launch. The provider runs it; you call its API."
    return Message(text=text, blocks=(section(escape(text)),), data={"number": number, "lines": []})


def on_lines(line: str) -> str:
    """A long command with one flag a line, as a shell takes it."""
    return line if len(line) <= WIDE else FLAG.sub(" \\\\\n  ", line)


def assumed(estimate: Estimate) -> str:
    """What the estimate was computed for."""
    d, w = estimate.deployment, estimate.workload
    return (
        f"{w.input_tokens:,} tokens in and {w.output_tokens:,} out, {w.batch_size:,} at once over {d.replicas} "
        f"{'copy' if d.replicas == 1 else 'copies'}, {d.precision.label} weights, a KV cache in {d.kv_precision}, "
        f"{percent(d.memory_share)} of the memory"
    )
