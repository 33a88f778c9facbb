"""What a user may decide about a campaign, wherever it is said: command line, file or Python."""

from mutatenn.campaign.configuration.file import FILE_NAME, read_file
from mutatenn.campaign.configuration.model import GATES, Configuration
from mutatenn.campaign.configuration.resolution import DEFAULT, Resolved, resolve
from mutatenn.campaign.configuration.schema import json_schema, properties
from mutatenn.campaign.configuration.template import template, value_as_toml
from mutatenn.campaign.configuration.validation import validate

__all__ = [
    "DEFAULT",
    "FILE_NAME",
    "GATES",
    "Configuration",
    "Resolved",
    "json_schema",
    "properties",
    "read_file",
    "resolve",
    "template",
    "validate",
    "value_as_toml",
]
