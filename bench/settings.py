"""The product's settings, with the bare twins beside its pages."""

from literacy_game.settings import *  # noqa: F403

ROOT_URLCONF = "bench.urls"
