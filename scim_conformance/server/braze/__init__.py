"""The reference server as the product whose settings pages the project grew from: Braze's SCIM API for dashboard users.

Five endpoints and no more: POST /Users, GET /Users with a filter, GET, PUT and DELETE of /Users/{id}. There is no
discovery, no PATCH, no group, no list of everybody and no `active`. What is documented about it (Braze Docs, the SCIM
endpoints for dashboard users and the appendix on permissions) contradicts itself where editions differ. Of two, the
newer is followed here:

- daily limit: 5,000 requests (the English pages; a translation says 20,000), which is a setting
- user that is not found: GET answers JSON and "Resource not found", as its newer page has it; PUT and DELETE have but
  one edition, "User not found" as text/html
- moments: "2026 Nov 22, 10:15 AM", and "N/A" for who never signed in; an older page has "Thursday, January 1, 1970 ..."
- permissions: may be left out of POST, where older pages require them; PUT needs them, and replaces them whole
- origin header: X-Request-Origin, where the older page says X-Origin-Request (a setting)
- permission sets: `appGroupPermissionSetID` and `appGroupPermissionSetId` are both taken, the latter is answered
- `send_campaign_canvases`, which stands in one sample alone, is a slip for `send_campaigns_canvases`, and is refused

Where the documents are silent: 201 for POST, 200 for PUT, an empty list where a search finds nobody, JSON bodies for
401 and 429. Workspaces, teams, roles and permission sets are made by being named, since only an administrator's
dashboard could make them otherwise; an id that was never answered is refused.
"""

from pathlib import Path
from typing import Any

from scim_conformance.server.braze.service import OWNER, Braze
from scim_conformance.server.braze.settings import DAILY_LIMIT, BrazeSettings
from scim_conformance.server.sqlite_store import SQLiteStore

__all__ = ["DAILY_LIMIT", "OWNER", "Braze", "BrazeSettings", "braze"]

_SERVICE_OPTIONS = ("store", "base_path", "owner")


def braze(*, token: str | None = None, db: "Path | str | None" = None, **options: Any) -> Braze:
    """Make a service like Braze's ready for use: settings filled in, a token generated (or the one given).

    Users are kept in memory, or in the SQLite file `db`. Further options are those of BrazeSettings (`service_origin`,
    `allowlist`, `daily_limit` ...) and of Braze (`store`, `base_path`, and `owner`: the dashboard user who is there
    from the start, "" for nobody). `take_token()` of the service gives the token once.
    """
    service_options = {name: options.pop(name) for name in _SERVICE_OPTIONS if name in options}
    settings = BrazeSettings(**{"default_workspace": "Main", "service_origin": "idp.example.com", **options})
    if db is not None:
        service_options["store"] = SQLiteStore(db)
    service = Braze(settings, **service_options)
    service.open(token)
    return service
