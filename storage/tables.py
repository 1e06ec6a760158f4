"""Every table of a database, opened once: the one place that makes them."""

from storage.accepted import AcceptedBook
from storage.alerts import Alerts
from storage.audit import Audit
from storage.calibrations import Calibrations
from storage.channels import Channels
from storage.comparisons import Comparisons
from storage.database import Database
from storage.defaults import Defaults
from storage.deployments import Deployments
from storage.homes import Homes
from storage.offers import OfferBook
from storage.own_models import OwnModels
from storage.personal import Personal
from storage.posts import Posts
from storage.rates import RateBook
from storage.retention import Retention
from storage.scenarios import Scenarios
from storage.schedules import Schedules
from storage.sources import Sources
from storage.usage import UsageBook
from storage.workspace_figures import Statuses
from storage.workspaces import Workspaces


class Tables:
    """What a database holds."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.accepted = AcceptedBook(database)
        self.alerts = Alerts(database)
        self.audit = Audit(database)
        self.calibrations = Calibrations(database)
        self.channels = Channels(database)
        self.comparisons = Comparisons(database)
        self.defaults = Defaults(database)
        self.deployments = Deployments(database)
        self.homes = Homes(database)
        self.offers = OfferBook(database)
        self.own_models = OwnModels(database)
        self.personal = Personal(database)
        self.posts = Posts(database)
        self.rates = RateBook(database)
        self.retention = Retention(database)
        self.scenarios = Scenarios(database)
        self.schedules = Schedules(database)
        self.sources = Sources(database)
        self.statuses = Statuses(database)
        self.usage = UsageBook(database)
        self.workspaces = Workspaces(database)
