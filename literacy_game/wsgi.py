"""Django's WSGI handler: the second door of literacy_game/asgi.py, or a server of your own."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "literacy_game.settings")
application = get_wsgi_application()
