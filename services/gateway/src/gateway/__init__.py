"""The one door: signs people in, knows their roles, and passes requests on."""
