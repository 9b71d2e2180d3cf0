"""Settings, read from the environment (OVERT_*). Every default makes one machine work with a folder and nothing else.

What a council may change while running is a row with a logbook entry (see overt.policy), not a setting.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from overt.rooms import ORDER
from overt.settings.database import database
from overt.shared.env import (
    env_bool,
    env_choice,
    env_http,
    env_int,
    env_list,
    env_networks,
    env_origins,
    env_path,
    env_pattern,
    env_text,
    env_zone,
    short_folder,
)
from overt.shared.secrets import folder_secret

#: Everything this installation keeps: database, footage, secrets, sealed exhibits.
DATA = env_path("OVERT_DATA", Path("data"))
FOOTAGE_STORE = env_path("OVERT_FOOTAGE", DATA / "footage")
#: Sockets and process ids; short, for a Unix socket's path may hold 107 bytes.
RUN = env_path("OVERT_RUN", short_folder(DATA / "run"))
SECRETS = env_path("OVERT_SECRETS", DATA / "secrets")
EXHIBITS = env_path("OVERT_EXHIBITS", DATA / "exhibits")

DEBUG = False
DEMO = env_bool("OVERT_DEMO", default=False)
SECRET_KEY = folder_secret("OVERT_SECRET_KEY", SECRETS / "django.key")
ALLOWED_HOSTS = env_list("OVERT_HOSTS", "localhost,127.0.0.1,[::1]")
CSRF_TRUSTED_ORIGINS = env_origins("OVERT_ORIGINS")
TRUSTED_PROXIES = env_networks("OVERT_TRUSTED_PROXIES")
#: Networks in which a camera may live; an address outside them is refused (see estate). This machine is none of them,
#: or looking at a camera would be a way to the machine's own services; the simulated cameras of a demo are on it.
CAMERA_NETWORKS = env_networks(
    "OVERT_CAMERA_NETWORKS",
    "10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,fc00::/7"
    + (",127.0.0.0/8" if DEMO or (DATA / "demo.json").is_file() else ""),
)
#: How fast the worker reads recordings to hold them against their hashes, at most.
CHECK_BYTES_PER_SECOND = env_int("OVERT_CHECK_MB_PER_SECOND", 20, least=1, most=1000) * 1_000_000
#: Address of an RFC 3161 time-stamping authority; empty for none.
TIME_STAMP_AUTHORITY = env_http("OVERT_TSA")
TIME_STAMP_ROOTS = env_text("OVERT_TSA_ROOTS")
#: What a sealed exhibit may be called: a regular expression for the whole of its reference, as it is kept.
EXHIBIT_REFERENCE = env_pattern("OVERT_EXHIBIT_REFERENCE", "[A-Z0-9]+(-[A-Z0-9]+)*-[0-9]+(-[A-Z0-9]+)*")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "ninja",
    "django_tasks",
    "django_tasks_db",
    *(f"overt.{name}" for name in ORDER),
    "overt.web",
    "overt.demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "overt.web.headers.HeadersMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "overt.accounts.middleware.SessionLifeMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "overt.web.kept.KeptFormMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "overt.web.middleware.RefusalMiddleware",
    "overt.inspection.middleware.InspectionMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "overt.web.urls"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "overt.web.context.scheme",
            ],
            "builtins": [
                "django.templatetags.static",
                "overt.web.templatetags.pages",
                "overt.web.templatetags.blocks",
                "overt.web.templatetags.tables",
                "overt.web.templatetags.acts",
            ],
        },
    }
]

DATABASES = {"default": database(DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
ATOMIC_REQUESTS = False  # a service owns its transaction: one act, one transaction, one logbook entry

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "overt.accounts.passwords.NotMostlyTheName"},
]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_LOCKOUT_CALLABLE = "overt.accounts.views.locked_out"
AXES_CLIENT_IP_CALLABLE = "overt.accounts.addresses.client_address"
AXES_RESET_ON_SUCCESS = True
SESSION_IDLE = timedelta(minutes=env_int("OVERT_SESSION_IDLE_MINUTES", 60, least=1, most=24 * 60))
SESSION_ENGINE = "overt.accounts.session_store"
SESSION_COOKIE_AGE = 13 * 3600  # one long shift with its handover
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = env_bool("OVERT_HTTPS", default=False)
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE
# So named, a browser takes a cookie over HTTPS alone, for this host alone: no neighbour under the same domain sets it.
_HOST_ONLY = "__Host-" if SESSION_COOKIE_SECURE else ""
SESSION_COOKIE_NAME = f"{_HOST_ONLY}sessionid"
CSRF_COOKIE_NAME = f"{_HOST_ONLY}csrftoken"
CSRF_COOKIE_HTTPONLY = True  # forms and islands take the token from their page
CSRF_FAILURE_VIEW = "overt.web.errors.csrf_failure"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "connect-src": ["'self'"],
        "font-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

LANGUAGE_CODE = "en-gb"
TIME_ZONE = env_zone("OVERT_TIME_ZONE", "Europe/London")
USE_TZ = True
USE_I18N = False

STATIC_URL = "/static/"
# Uploads are held in memory up to 2 MB and then in a file; a CSV of cameras is far smaller.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
SILENCED_SYSTEM_CHECKS: list[str] = []

_LEVELS = {"DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"}
_LEVEL = env_choice("OVERT_LOG_LEVEL", "WARNING", _LEVELS)
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": _LEVEL},
    # A form with a mistake in it, or a page that is not there, is between the person and the page.
    "loggers": {"django.request": {"level": "ERROR" if _LEVEL == "WARNING" else _LEVEL}},
}
