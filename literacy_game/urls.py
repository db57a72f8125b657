"""The URL map. tests/literacy_game/test_access.py holds a row for every name in it."""

from django.conf import settings
from django.urls import include, path
from django.views.decorators.http import require_POST
from django.views.i18n import set_language

from literacy_game import operations, views

urlpatterns = [
    path("", include("play.urls")),  # first, like its own first ones: Django tries them in their order
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("accessibility/", views.accessibility, name="accessibility"),
    path("language/", require_POST(set_language), name="set_language"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("teach/guide/<slug:name>/", views.guide, name="guide"),
    path("teach/statistics/", views.statistics, name="statistics"),
    path("offline/", views.offline, name="offline"),
    path("worker.js", views.worker, name="worker"),
    path("healthz", operations.healthz, name="healthz"),
    path("readyz", operations.readyz, name="readyz"),
    path("account/", include("literacy_game.account_urls")),
    path("", include("classroom.urls")),
]

if settings.OIDC_URL:
    urlpatterns += [path("account/provider/", include("literacy_game.provider_urls"))]

if settings.METRICS_TOKEN:
    urlpatterns += [path("metrics", operations.metrics, name="metrics")]

handler404 = "literacy_game.views.not_found"
handler500 = "literacy_game.views.server_error"
