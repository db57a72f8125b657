from django.apps import AppConfig


class LiteracyGameConfig(AppConfig):
    name = "literacy_game"
