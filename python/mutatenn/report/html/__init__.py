"""The HTML report: a view of a campaign as plain values, and the templates that show it."""
