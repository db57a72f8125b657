"""One file for every place. Runs with an empty environment; docs/running.md lists the variables."""

from __future__ import annotations

import os
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import available_timezones

import dj_database_url
from csp.constants import NONE, SELF
from environs import Env
from tzlocal import get_localzone_name

env = Env()

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(env.str("DATA_DIR", "") or BASE_DIR / "var")
SEEDS_DIR = BASE_DIR / "seeds"
DATA_DIR.mkdir(mode=0o700, parents=True, exist_ok=True)  # sessions and answers are nobody else's on this machine
BACKUP_DIR = Path(env.str("BACKUP_DIR", "") or DATA_DIR / "backups")
BACKUPS_KEPT = env.int("BACKUPS_KEPT", 14)
"""Backups that the nightly one leaves in the folder; 0: `serve` makes none."""


def _zone_of_this_machine() -> str:
    """Its name, or UTC where the machine has none that browsers and databases know."""
    try:
        name = get_localzone_name()
    except (OSError, ValueError, LookupError):
        return "UTC"
    return name if name in available_timezones() and not name.startswith("Etc/") else "UTC"


def _secret_key() -> str:
    """The key of the environment, or one made once and kept in the data folder, readable by its owner alone."""
    if given := env.str("SECRET_KEY", ""):
        return given
    path = DATA_DIR / "secret_key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        for _ in range(100):  # another process that starts at this moment may still be writing it
            if key := path.read_text():
                return key
            time.sleep(0.05)
        raise SystemExit(f"{path} is empty: put the key of a backup into it, or delete it.") from None
    with os.fdopen(descriptor, "w") as file:
        file.write(secrets.token_urlsafe(50))
    return path.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_GIVEN = bool(env.str("SECRET_KEY", ""))
DEBUG = env.bool("DEBUG", False)
TLS = env.bool("TLS", False)
"""Whether browsers reach us by https. Turns on secure cookies, HSTS and the redirect."""

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["*"])  # a school's laptop has whatever address the network gives it
PUBLIC_ADDRESS = env.str("PUBLIC_ADDRESS", "")
"""Where students reach us, for links shown to a teacher who works on the server itself. `serve` finds one."""
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])
TRUSTED_PROXIES: list[str] = env.list("TRUSTED_PROXIES", [])
"""Addresses or networks of our own proxies: what they say in X-Forwarded-For counts, nobody else's word does."""

INSTALLED_APPS = [
    "literacy_game",
    "exercises",
    "classroom",
    "play",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "template_partials.apps.SimpleAppConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.humanize",
    "django.contrib.messages",
    "django.contrib.sessions",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # a classroom's Wi-Fi is slower than compressing
    "literacy_game.middleware.OwnHeaders",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "literacy_game.middleware.UnchangedPolls",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
]

ROOT_URLCONF = "literacy_game.urls"
WSGI_APPLICATION = "literacy_game.wsgi.application"
APPEND_SLASH = True

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "builtins": [
                "template_partials.templatetags.partials",
                "django.templatetags.i18n",
                "literacy_game.templatetags.steady",
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
            ],
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        env.str("DATABASE_URL", "") or f"sqlite:///{(DATA_DIR / 'db.sqlite3').as_posix()}"
    ),
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["CONN_MAX_AGE"] = None  # closing the last connection checkpoints the log: seven times slower
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000;",
    }
else:
    # A connection for every thread; seconds that a request waits while the database is away.
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 20, "timeout": 5}}
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True  # a server that was started again is found again
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES: dict[str, dict[str, object]] = {
    "default": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},  # limits count there, by device: a full cache forgets some
    }
}
if env.str("CACHE_URL", ""):
    CACHES["default"] = {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": env.str("CACHE_URL")}
    CACHES["default"]["OPTIONS"] = {"socket_connect_timeout": 2, "socket_timeout": 2}

# Accounts: teachers alone have one. Students are known by a signed cookie (classroom/devices.py).
AUTH_USER_MODEL = "classroom.Teacher"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("UserAttributeSimilarityValidator", "MinimumLengthValidator", "CommonPasswordValidator")
]
ACCOUNT_ADAPTER = "classroom.accounts.InvitedOnly"
ACCOUNT_FORMS = {
    "login": "classroom.forms.SignInForm",
    "reauthenticate": "classroom.forms.SamePersonForm",
    "change_password": "classroom.forms.PasswordChangeForm",
    "set_password": "classroom.forms.PasswordSetForm",
    "reset_password_from_key": "classroom.forms.PasswordRenewForm",
}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "email", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = "email"
ACCOUNT_SESSION_REMEMBER = True
# A school is one address, and classroom/sign_ins.py exempts a teacher's own browser from "login_failed" alone.
ACCOUNT_RATE_LIMITS = {"login": "3000/m/ip", "login_failed": "60/m/ip,5/5m/key"}
ACCOUNT_EMAIL_NOTIFICATIONS = False
MFA_ADAPTER = "classroom.accounts.SecondFactor"
MFA_FORMS = {
    "authenticate": "classroom.factor_forms.CodeForm",
    "reauthenticate": "classroom.factor_forms.SamePersonCodeForm",
    "activate_totp": "classroom.factor_forms.AppForm",
    "add_webauthn": "classroom.factor_forms.KeyForm",
    "edit_webauthn": "classroom.factor_forms.KeyNameForm",
    "login_webauthn": "classroom.factor_forms.KeySignInForm",
    "authenticate_webauthn": "classroom.factor_forms.SecondKeyForm",
    "reauthenticate_webauthn": "classroom.factor_forms.SamePersonKeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes", *(["webauthn"] if TLS else [])]  # browsers want https for passkeys
MFA_PASSKEY_LOGIN_ENABLED = TLS
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Literacy Game"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "teach_home"
LOGOUT_REDIRECT_URL = "home"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"

# Sign-in with the school's OpenID Connect provider (Google Workspace, Microsoft Entra, any other): off unless named.
OIDC_URL = env.str("OIDC_URL", "")
"""Address of the provider or of its discovery document, for example https://accounts.google.com"""
OIDC_NAME = env.str("OIDC_NAME", "OpenID Connect") if OIDC_URL else ""
OIDC_ORIGINS: list[str] = env.list("OIDC_ORIGINS", []) or ["{0.scheme}://{0.netloc}".format(urlsplit(OIDC_URL))]
"""Where the provider's sign-in pages are, if not at OIDC_URL: forms of ours may lead there."""
if OIDC_URL:
    INSTALLED_APPS += ["allauth.socialaccount", "allauth.socialaccount.providers.openid_connect"]
    SOCIALACCOUNT_ADAPTER = "classroom.providers.InvitedOnly"
    SOCIALACCOUNT_PROVIDERS = {
        "openid_connect": {
            "OAUTH_PKCE_ENABLED": True,
            "APPS": [
                {
                    "provider_id": "school",
                    "name": OIDC_NAME,
                    "client_id": env.str("OIDC_CLIENT_ID"),
                    "secret": env.str("OIDC_SECRET"),
                    "settings": {"server_url": OIDC_URL},
                }
            ],
        }
    }
    SOCIALACCOUNT_OPENID_CONNECT_URL_PREFIX = ""  # docs/running.md names the callback address

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("uk", "Українська"), ("pl", "Polski"), ("de", "Deutsch")]
"""Each in its own words, so that whoever needs it can find it."""
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SECURE = TLS
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = ["literacy_game.formats"]
TIME_ZONE = env.str("TIME_ZONE", "") or _zone_of_this_machine()
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "literacy_game.collecting.LightStaticFiles"},
}
WHITENOISE_USE_FINDERS = DEBUG

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF, *(OIDC_ORIGINS if OIDC_URL else [])],
        "frame-ancestors": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin" if TLS else None  # browsers ignore it, loudly, over plain http
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = TLS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if TLS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = TLS
if TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^(healthz|readyz|metrics)$"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
CSRF_FAILURE_VIEW = "literacy_game.views.csrf_failure"

# For whoever runs it for a school or a district: all off unless named.
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
LOG_FORMAT = env.str("LOG_FORMAT", "plain")
SENTRY_DSN = env.str("SENTRY_DSN", "")
if METRICS_TOKEN:
    MIDDLEWARE.insert(0, "literacy_game.measuring.Measured")
if LOG_FORMAT == "json":
    MIDDLEWARE.insert(0, "literacy_game.logs.RequestIds")

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "plain": {"format": "{asctime} {levelname} {name} {message}", "style": "{"},
        "json": {"()": "literacy_game.logs.JsonFormatter"},
    },
    "filters": {"pages": {"()": "literacy_game.logs.PagesNotAddresses"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["pages"]}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", "WARNING")},
    "loggers": {
        "literacy_game.access": {"level": "INFO"},
        "django.request": {"level": "ERROR"},  # a wrong code or a half answer is nothing that broke
        # Any scanner of the network sends some: they are answered with 400, and are no errors of ours.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "django.security.DisallowedRedirect": {"level": "CRITICAL"},
    },
}

if SENTRY_DSN:
    import sentry_sdk

    sentry_sdk.init(  # what broke and where; no bodies, no cookies, no values: they may be students' answers and words
        dsn=SENTRY_DSN,
        send_default_pii=False,
        max_request_body_size="never",
        include_local_variables=False,
    )
