"""Files on their way to a person's direct messages: Slack files are never ephemeral."""

import logging

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackRequestError

from bot.reply import File

log = logging.getLogger(__name__)


def upload(client: WebClient, user_id: str, file: File) -> str:
    """Send it; the reason where Slack does not take it, else nothing."""
    try:
        opened = client.conversations_open(users=user_id)
        client.files_upload_v2(
            channel=opened["channel"]["id"],
            filename=file.name,
            content=file.content,
            title=file.title or file.name,
            alt_txt=file.alt or None,
        )
    except SlackApiError as error:
        return _told(str(error.response["error"]))
    except (SlackRequestError, OSError):
        return _told("the upload broke off")
    return ""


def _told(reason: str) -> str:
    log.warning("file not sent", extra={"reason": reason})
    return reason
