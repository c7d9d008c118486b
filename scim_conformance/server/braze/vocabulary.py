"""The words that Braze's SCIM API knows: departments, and the permissions of companies, workspaces and teams."""

import re

DEPARTMENTS = ("agency", "bi", "c_suite", "engineering", "finance", "marketing", "pm")

COMPANY = ("admin", "manage_company_settings", "add_remove_app_groups")

TEAM = (
    "admin",
    "basic_access",
    "approve_deny_campaigns",
    "send_campaigns_canvases",
    "publish_cards",
    "edit_segments",
    "export_user_data",
    "view_user_profile",
    "manage_dashboard_users",
    "manage_media_library",
)

WORKSPACE = (
    *TEAM,
    "view_pii",
    "view_usage_data",
    "import_update_user_data",
    "view_billing_details",
    "dev_console",
    "launch_content_blocks",
    "manage_external_integrations",
    "manage_apps",
    "manage_teams",
    "manage_events_attributes_purchases",
    "manage_tags",
    "manage_email_settings",
    "manage_subscription_groups",
    "manage_approval_settings",
    "manage_catalogs_dashboard_permission",
)

_GRANULAR = re.compile(r"(?:view|edit|archive|launch)_[a-z]+(?:_[a-z]+)*")


def is_granular(permission: str) -> bool:
    """Tell whether this is written like one of the newer permissions, of one verb and its object: view_campaigns."""
    return _GRANULAR.fullmatch(permission) is not None
