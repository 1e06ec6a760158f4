"""An open form changed in place."""

import logging
from collections.abc import Mapping
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.commands import form_of
from bot.desk.registry import FORMS
from bot.limits.payloads import check_view
from bot.slack.delivery import must_fit

log = logging.getLogger(__name__)
TOO_LATE = {"hash_conflict", "not_found"}
"""The form was changed meanwhile, as by a second press of the button, or closed."""


def redraw(client: WebClient, view: Mapping[str, Any], typed: str) -> None:
    """Show the form as it is after one of its buttons typed this; a press that comes too late changes nothing."""
    pressed = form_of(view["callback_id"]).pressed if view["callback_id"] in FORMS else None
    if pressed is None:
        return
    after = pressed(view, typed)
    must_fit(check_view(after))
    try:
        client.views_update(view_id=view["id"], hash=view["hash"], view=after)
    except SlackApiError as error:
        if error.response["error"] not in TOO_LATE:
            raise
        log.info("form not changed", extra={"reason": error.response["error"]})
