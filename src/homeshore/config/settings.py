"""Django's settings; what a person may change comes from `environment`."""

import secrets
from pathlib import Path
from urllib.parse import unquote, urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from homeshore.config import environment

PACKAGE = Path(__file__).resolve().parent.parent

DATA_DIR: Path = environment.read("DATA_DIR").absolute()
HOST: str = environment.read("HOST")
PORT: int = environment.read("PORT")
BASE_URL: str = environment.read("BASE_URL") or f"http://localhost:{PORT}"
DEBUG: bool = environment.read("DEBUG")
DEMO: bool = environment.read("DEMO")
WEB_THREADS: int = environment.read("WEB_THREADS")
EVENT_DAYS: int = environment.read("EVENT_DAYS")
JOURNAL_DAYS: int = environment.read("JOURNAL_DAYS")
MAX_UPLOAD_BYTES: int = environment.read("MAX_UPLOAD_BYTES")
MAX_REQUEST_BYTES: int = environment.read("MAX_REQUEST_BYTES")
PLANNING_FILE_BYTES: int = environment.read("PLANNING_FILE_BYTES")
PLANNING_MEMORY_BYTES: int = environment.read("PLANNING_MEMORY_BYTES")
TRUSTED_PROXIES: list[str] = environment.read("TRUSTED_PROXIES")
UPLOAD_KINDS: list[str] = environment.read("UPLOAD_KINDS")
CHAT_UPLOAD_BYTES_PER_HOUR: int = environment.read("CHAT_UPLOAD_BYTES_PER_HOUR")
CHAT_MESSAGES_PER_MINUTE: int = environment.read("CHAT_MESSAGES_PER_MINUTE")
CHAT_BRAND_MESSAGES_PER_MINUTE: int = environment.read("CHAT_BRAND_MESSAGES_PER_MINUTE")
MAX_MAIL_BYTES: int = environment.read("MAX_MAIL_BYTES")
STUN_URLS: list[str] = environment.read("STUN_URLS")
TURN_URLS: list[str] = environment.read("TURN_URLS")
TURN_SECRET: str = environment.read("TURN_SECRET")
SIP_LISTEN: tuple[str, int] | None = environment.read("SIP_LISTEN")
SIP_EDGE: tuple[str, int] | None = environment.read("SIP_EDGE")
SIP_OUTSIDE: tuple[str, int] | None = environment.read("SIP_OUTSIDE")
SIP_COUNTRY: str = environment.read("SIP_COUNTRY")
RTPENGINE: tuple[str, int] = environment.read("RTPENGINE")
KEYS_LISTEN: tuple[str, int] | None = environment.read("KEYS_LISTEN")
RTPENGINE_RECORDINGS: str = environment.read("RTPENGINE_RECORDINGS")
SPOKEN_DIR = Path(environment.read("SPOKEN_DIR") or DATA_DIR / "spoken")
ROUTER_LEASE_SECONDS: int = environment.read("ROUTER_LEASE_SECONDS")
PRESENCE_LEASE_SECONDS: int = environment.read("PRESENCE_LEASE_SECONDS")


def _secret_key() -> str:
    """The key given, or one made once and kept in the data folder, readable by its owner only."""
    given: str = environment.read("SECRET_KEY")
    if given:
        return given
    kept = DATA_DIR / "secret_key"
    if not kept.exists():
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text(secrets.token_urlsafe(48))
    return kept.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS: list[str] = environment.read("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS: list[str] = environment.read("ALLOWED_HOSTS")

INSTALLED_APPS = [
    "homeshore.foundation",
    "homeshore.people",
    "homeshore.brands",
    "homeshore.missions",
    "homeshore.contacts",
    "homeshore.outbound",
    "homeshore.channels.chat",
    "homeshore.channels.email",
    "homeshore.channels.voice",
    "homeshore.pay",
    "homeshore.planning",
    "homeshore.floor",
    "homeshore.push",
    "homeshore.web",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "homeshore.web.static_files.StaticFilesMiddleware",
    "csp.middleware.CSPMiddleware",
    "homeshore.web.senses.SensesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "homeshore.web.accounts.language.PersonalLanguageMiddleware",
    "homeshore.foundation.tenancy.MembershipMiddleware",
    "homeshore.foundation.idempotency.IdempotencyMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "homeshore.foundation.answers.AnswersMiddleware",
    "homeshore.foundation.readable.ReadableMiddleware",
]

CSRF_FAILURE_VIEW = "homeshore.foundation.answers.csrf_failed"
ROOT_URLCONF = "homeshore.config.urls"
WSGI_APPLICATION = "homeshore.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]


def _database() -> dict[str, object]:
    """SQLite (WAL, FULL, IMMEDIATE) in the data folder unless an address is given; the same pragmas wherever it lies."""
    url: str = environment.read("DATABASE_URL") or f"sqlite:///{DATA_DIR / 'homeshore.sqlite3'}"
    database = dict(dj_database_url.parse(url))
    if database["ENGINE"] == "django.db.backends.sqlite3":
        DATA_DIR.mkdir(parents=True, exist_ok=True)
        database["ENGINE"] = "homeshore.foundation.sqlite"
        database["CONN_MAX_AGE"] = None
        database["TEST"] = {"NAME": str(DATA_DIR / "test.sqlite3")}
    else:
        database["CONN_MAX_AGE"] = 0
        database["OPTIONS"] = {"pool": {"min_size": 2, "max_size": WEB_THREADS + 8, "timeout": 10}}
    return database


DATABASES = {"default": _database()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "foundation.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
ACCOUNT_ADAPTER = "homeshore.web.accounts.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "foundation_sharedvalue",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key"}
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_TOTP_ISSUER = "Homeshore"
MFA_TOTP_TOLERANCE = 1
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"

DEMO_PASSWORD = "maison-bleue-2026"  # noqa: S105 - a secret to nobody
"""The password of the people of the demonstration; the sign-in page tells it, and only when DEMO is on."""


def _mail(url: str) -> dict[str, object]:
    """Django's mail settings for an address like smtp://user:password@host:587 (STARTTLS) or smtps://… (TLS)."""
    if not url:
        return {
            "EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
            "EMAIL_FILE_PATH": DATA_DIR / "mails",
        }
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise environment.SettingError("HOMESHORE_MAIL_URL is not like smtp://user:password@host:587 or smtps://…")
    return {
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or {"smtp": 25, "smtps": 465}[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_USE_TLS": parts.scheme == "smtp" and parts.username is not None,
        "EMAIL_TIMEOUT": 20,
    }


globals().update(_mail(environment.read("MAIL_URL")))
DEFAULT_FROM_EMAIL: str = environment.read("MAIL_FROM")

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", _("French")), ("en", _("English"))]
LOCALE_PATHS = [PACKAGE / "locale", PACKAGE / "replay" / "locale"]
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATICFILES_DIRS = [PACKAGE / "web" / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": DATA_DIR / "files"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

HTTPS: bool = environment.read("HTTPS")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_SAMESITE = "Lax"
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "media-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "homeshore.foundation.logs.MaskingFormatter",
            "format": "{asctime} {levelname} {name} {message}",
            "style": "{",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": environment.read("LOG_LEVEL")},
    "loggers": {"django.server": {"handlers": ["console"], "propagate": False}},
}
