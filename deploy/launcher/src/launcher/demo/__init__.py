"""The demo company: half a year of a small developer of housing plots, told through the API."""
