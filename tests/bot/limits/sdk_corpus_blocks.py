"""Blocks and views within Slack's limits, built from the elements."""

from hypothesis import strategies as st

from tests.bot.limits.sdk_corpus import (
    BUTTONS,
    CHOICES,
    CONTEXT_ACTIONS,
    FILE,
    ID,
    INPUTS,
    LETTERS,
    PICTURE,
    URL,
    YES_NO,
    listed,
    numbered,
    plain,
    text,
    thing,
    words,
)


def one_or_two(each):
    return st.lists(each, min_size=1, max_size=2)


MARKS = thing(None, {"bold": YES_NO}, italic=YES_NO, strike=YES_NO, code=YES_NO, underline=YES_NO)
RUN = st.one_of(
    thing("text", {"text": LETTERS}, style=MARKS),
    thing("link", {"url": URL}, text=LETTERS, style=MARKS),
    thing("emoji", {"name": LETTERS}, unicode=LETTERS, skin_tone=st.integers(1, 6)),
    thing("user", {"user_id": ID}, style=MARKS),
    thing("usergroup", {"usergroup_id": ID}, style=MARKS),
    thing("channel", {"channel_id": ID}, style=MARKS),
    thing("broadcast", {"range": st.sampled_from(["here", "channel", "everyone"])}),
    thing("color", {"value": st.just("#123456")}),
    thing("date", {"timestamp": st.integers(0, 10**9), "format": LETTERS}, url=URL, fallback=LETTERS),
)
SECTION = thing("rich_text_section", {"elements": st.lists(RUN, max_size=3)})
RICH_TEXT = thing(
    "rich_text",
    {
        "elements": st.lists(
            st.one_of(
                SECTION,
                thing(
                    "rich_text_list",
                    {"style": st.sampled_from(["bullet", "ordered"]), "elements": one_or_two(SECTION)},
                    indent=st.integers(0, 8),
                    offset=st.integers(0, 9),
                    border=st.integers(0, 1),
                ),
                thing(
                    "rich_text_preformatted",
                    {"elements": one_or_two(thing("text", {"text": LETTERS}))},
                    border=st.integers(0, 1),
                ),
                thing("rich_text_quote", {"elements": st.lists(RUN, max_size=2)}),
            ),
            min_size=1,
            max_size=3,
        )
    },
    block_id=ID,
)
BLOCK = {"block_id": ID}
CELL = (
    thing("raw_text", {"text": LETTERS})
    | thing("raw_number", {"value": st.integers(0, 9), "text": LETTERS})
    | RICH_TEXT
)
COLUMN = st.none() | thing(None, {"align": st.sampled_from(["left", "center", "right"])}, is_wrapped=YES_NO)
ROWS = st.integers(1, 3).flatmap(
    lambda wide: st.lists(st.lists(CELL, min_size=wide, max_size=wide), min_size=1, max_size=3)
)
CARD = thing(
    "card",
    {"title": text(150)},
    hero_image=PICTURE,
    icon=PICTURE,
    subtitle=text(150),
    body=text(200),
    actions=st.lists(BUTTONS["button"], min_size=1, max_size=3).map(numbered),
    **BLOCK,
)
TASK = thing(
    "task_card",
    {"task_id": ID, "title": LETTERS, "status": st.sampled_from(["pending", "complete"])},
    details=RICH_TEXT,
    sources=st.lists(thing("url", {"url": URL, "text": LETTERS}), min_size=1, max_size=2),
    **BLOCK,
)
ACCESSORY = st.one_of(*BUTTONS.values(), *CHOICES.values(), PICTURE)
ACTIONS = st.lists(st.one_of(*BUTTONS.values(), *CHOICES.values()), min_size=1, max_size=3).map(numbered)
MOST_ACTIONS = BUTTONS["button"].map(lambda one: numbered([one] * 25))

BLOCKS = {
    "section": thing("section", {"text": text(3000)}, fields=listed(text(2000), 10), accessory=ACCESSORY, expand=YES_NO,
                     **BLOCK),
    "section of fields": thing("section", {"fields": listed(text(2000), 10)}, **BLOCK),
    "header": thing("header", {"text": plain(150)}, **BLOCK),
    "context": thing("context", {"elements": listed(text(3000) | PICTURE, 10)}, **BLOCK),
    "actions": thing("actions", {"elements": ACTIONS | MOST_ACTIONS}, **BLOCK),
    "context_actions": thing("context_actions", {
        "elements": st.lists(st.one_of(*CONTEXT_ACTIONS.values()), min_size=1, max_size=5).map(numbered)}, **BLOCK),
    "divider": thing("divider", **BLOCK),
    "input": thing("input", {"label": plain(2000), "element": st.one_of(*CHOICES.values(), *INPUTS.values())},
                   hint=plain(2000), optional=YES_NO, dispatch_action=YES_NO, **BLOCK),
    "image": thing("image", {"alt_text": words(2000), "image_url": URL}, title=plain(2000), **BLOCK),
    "image of a file": thing("image", {"alt_text": words(2000), "slack_file": FILE}, title=plain(2000), **BLOCK),
    "rich_text": RICH_TEXT,
    "table": thing("table", {"rows": ROWS}, column_settings=st.lists(COLUMN, min_size=1, max_size=3), **BLOCK),
    "markdown": thing("markdown", {"text": words(12_000)}, **BLOCK),
    "video": thing("video", {"alt_text": LETTERS, "title": plain(199), "thumbnail_url": URL, "video_url": URL},
                   title_url=URL, author_name=words(49), description=plain(199), provider_name=LETTERS, **BLOCK),
    "file": thing("file", {"external_id": ID, "source": st.just("remote")}, **BLOCK),
    "card": CARD,
    "carousel": thing("carousel", {"elements": listed(CARD, 10)}, **BLOCK),
    "task_card": TASK,
    "plan": thing("plan", {"title": LETTERS}, tasks=st.lists(TASK, min_size=1, max_size=2), **BLOCK),
    "alert": thing("alert", {"text": text(200)}, level=st.sampled_from(["info", "error"]), **BLOCK),
}  # fmt: skip
CHILDREN = st.one_of(BLOCKS["section"], BLOCKS["header"], BLOCKS["divider"], BLOCKS["table"], RICH_TEXT)
BLOCKS["container"] = thing(
    "container",
    {"title": plain(150), "child_blocks": listed(CHILDREN, 10)},
    subtitle=text(150),
    icon=PICTURE,
    width=st.sampled_from(["narrow", "full"]),
    is_collapsible=YES_NO,
    default_collapsed=YES_NO,
    **BLOCK,
)

CONTENT = st.lists(BLOCKS["section of fields"] | BLOCKS["header"], min_size=1, max_size=3).map(
    lambda blocks: [{**block, "block_id": f"b{index}"} for index, block in enumerate(blocks)]
)
COMMON = {"private_metadata": words(3000), "callback_id": ID, "external_id": ID}
VIEWS = {
    "modal": thing(
        "modal",
        {"title": plain(24), "submit": plain(24), "blocks": CONTENT},
        close=plain(24),
        clear_on_close=YES_NO,
        notify_on_close=YES_NO,
        **COMMON,
    ),
    "home": thing("home", {"blocks": CONTENT}, **COMMON),
}
