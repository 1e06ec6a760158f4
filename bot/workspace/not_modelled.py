"""What the local workspace does not model, for its page and its documentation."""

NOT_MODELLED = (
    "Installing by OAuth, token rotation and user tokens: the tokens are given, and the app is installed.",
    "Enterprise Grid, Slack Connect, user groups and group direct messages: there is one workspace of its own.",
    "Searching, pins, bookmarks, reactions, custom emoji, canvases, lists, workflows, calls and assistant threads.",
    "Editing and deleting messages by people, and events about them; link previews; an app's own messages as events.",
    "Pictures and videos from elsewhere: they are named, not fetched. Pictures in this workspace are shown.",
    "Rate limits of methods that this workspace lacks, and those of events (30,000 an hour).",
    "HTTP mode: redirects are not followed, certificates are checked by the system, and ssl_check is not sent.",
    "Slack's mobile and desktop programs: widths, fonts and the order of menus differ a little everywhere.",
)
