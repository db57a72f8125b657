"""Wiring: settings, URL map, middleware, the server and its commands."""
