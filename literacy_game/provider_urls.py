"""allauth's pages for a provider, under allauth's names; its page for signing up without an invitation is left out."""

from allauth.socialaccount import views
from django.urls import path

from classroom import providers

urlpatterns = [
    path("", views.connections, name="socialaccount_connections"),
    path("login/cancelled/", views.login_cancelled, name="socialaccount_login_cancelled"),
    path("login/error/", views.login_error, name="socialaccount_login_error"),
    path("<slug:provider_id>/login/", providers.login, name="openid_connect_login"),
    path("<slug:provider_id>/login/callback/", providers.callback, name="openid_connect_callback"),
]
