"""Block Kit's blocks and their limits, as a table from type to check, and where each may stand."""

from bot.limits.data import DATA_TABLE, DATA_VISUALIZATION, RICH_TEXT, TABLE
from bot.limits.elements import (
    ACCESSORY,
    ACTIONS_ELEMENT,
    BUTTONS,
    CONTEXT_ACTION,
    CONTEXT_ELEMENT,
    IDENTIFIER,
    IMAGE,
    INPUT_ELEMENT,
    URL,
)
from bot.limits.shapes import (
    Check,
    any_of,
    anything,
    boolean,
    by_type,
    choice,
    either,
    items,
    number,
    plain,
    record,
    string,
    text,
)

BLOCK: dict[str, Check] = {"block_id": IDENTIFIER}

CARD = record(
    {},
    {
        **BLOCK,
        "hero_image": IMAGE,
        "icon": IMAGE,
        "slack_icon": anything,
        "title": text(150),
        "subtitle": text(150),
        "body": text(200),
        "actions": items(by_type({"button": BUTTONS["button"]}), 3),
    },
    any_of("hero_image", "title", "actions", "body"),
)

_RICH = by_type({"rich_text": RICH_TEXT})
TASK = record(
    {"task_id": IDENTIFIER, "title": string(3000)},
    {
        **BLOCK,
        "details": _RICH,
        "output": _RICH,
        "sources": items(by_type({"url": record({"url": URL, "text": string(3000)})}), 100),
        "status": choice("pending", "in_progress", "complete", "error"),
    },
)

BLOCKS: dict[str, Check] = {
    "section": record(
        {},
        {
            **BLOCK,
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": ACCESSORY,
            "expand": boolean,
        },
        any_of("text", "fields"),
    ),
    "header": record({"text": plain(150)}, {**BLOCK, "level": number(1, 4)}),
    "context": record({"elements": items(CONTEXT_ELEMENT, 10)}, BLOCK),
    "actions": record({"elements": items(ACTIONS_ELEMENT, 25)}, BLOCK),
    "context_actions": record({"elements": items(CONTEXT_ACTION, 5)}, BLOCK),
    "divider": record({}, BLOCK),
    "input": record(
        {"label": plain(2000), "element": INPUT_ELEMENT},
        {**BLOCK, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "image": record(
        {"alt_text": string(2000)},
        {**BLOCK, "image_url": URL, "slack_file": anything, "title": plain(2000)},
        either("image_url", "slack_file"),
    ),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "markdown": record({"text": string(12_000)}, BLOCK),
    "video": record(
        {"alt_text": string(2000), "title": plain(199), "thumbnail_url": URL, "video_url": URL},
        {
            **BLOCK,
            "title_url": URL,
            "author_name": string(49),
            "description": plain(199),
            "provider_name": string(255),
            "provider_icon_url": URL,
        },
    ),
    "file": record({"external_id": IDENTIFIER, "source": choice("remote")}, BLOCK),
    "alert": record({"text": text(200)}, {**BLOCK, "level": choice("default", "info", "warning", "error", "success")}),
    "card": CARD,
    "carousel": record({"elements": items(by_type({"card": CARD}), 10)}, BLOCK),
    "task_card": TASK,
    "plan": record({"title": string(3000)}, {**BLOCK, "tasks": items(by_type({"task_card": TASK}), 50)}),
}

_CHILDREN = ("actions", "context", "divider", "file", "header", "image", "input", "rich_text", "section", "table")
BLOCKS["container"] = record(
    {"child_blocks": items(by_type({name: BLOCKS[name] for name in (*_CHILDREN, "video")}), 10)},
    {
        **BLOCK,
        "title": plain(150),
        "rich_text_title": _RICH,
        "subtitle": text(150),
        "icon": by_type({"image": IMAGE}),
        "width": choice("narrow", "standard", "wide", "full"),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    any_of("title", "rich_text_title"),
)

_EVERYWHERE = ("section", "header", "context", "actions", "divider", "input", "image", "rich_text", "video")
_MESSAGE_ONLY = (
    "context_actions",
    "table",
    "data_table",
    "data_visualization",
    "markdown",
    "file",
    "task_card",
    "plan",
)

SURFACES: dict[str, tuple[str, ...]] = {
    "message": (*_EVERYWHERE, *_MESSAGE_ONLY, "card", "carousel", "container"),
    "modal": (*_EVERYWHERE, "alert", "container"),
    "home": (*_EVERYWHERE, "card", "carousel", "container"),
}
