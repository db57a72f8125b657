"""The URL map. tests/literacy_game/test_access.py holds a row for every name in it."""

from django.conf import settings
from django.urls import include, path

from literacy_game import views

urlpatterns = [
    path("", views.home, name="home"),
    path("about/", views.about, name="about"),
    path("styleguide/", views.styleguide, name="styleguide"),
    path("teach/guide/<slug:name>/", views.guide, name="guide"),
    path("account/", include("allauth.account.urls")),
    path("account/2fa/", include("allauth.mfa.urls")),
    path("", include("classroom.urls")),
    path("", include("play.urls")),
]

if settings.OIDC_URL:
    urlpatterns += [
        path("account/provider/", include("allauth.socialaccount.urls")),
        path("account/provider/", include("allauth.socialaccount.providers.openid_connect.urls")),
    ]

handler404 = "literacy_game.views.not_found"
handler500 = "literacy_game.views.server_error"
