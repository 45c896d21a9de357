"""Settings from the environment; .env.example describes every one."""

import logging
import os
from pathlib import Path

from csp.constants import NONCE, NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _
from dotenv import load_dotenv
from environs import validate

from .environment import cache_url, email_url, env, minutes, secret, setting
from .https import over_https

BASE_DIR = Path(__file__).resolve().parent.parent
if os.environ.get("DJANGO_SETTINGS_MODULE") == __name__:
    # Into the environment itself, where the API keys are looked up too; demo and tests bring their own.
    load_dotenv(BASE_DIR / ".env")

# --- What the environment says -------------------------------------------------------------------------------------
DEBUG = setting("DEBUG", lambda: env.bool("DEBUG", False), "on or off")
SECRET_KEY = secret("SECRET_KEY")
if len(SECRET_KEY) < 50:
    raise ImproperlyConfigured(
        "Setting SECRET_KEY is missing or shorter than 50 characters: make one with "
        "`python3 -c 'import secrets; print(secrets.token_urlsafe(50))'`, put it into .env or into a file, "
        "and name that file in SECRET_KEY_FILE."
    )
ALLOWED_HOSTS: list[str] = setting(
    "ALLOWED_HOSTS", lambda: env.list("ALLOWED_HOSTS", []), "host names with commas between them"
)
if not ALLOWED_HOSTS and not DEBUG:
    raise ImproperlyConfigured(
        "Setting ALLOWED_HOSTS is missing: name the hosts that the portal answers to, with commas between them."
    )
TRUSTED_PROXIES = setting(
    "TRUSTED_PROXIES", lambda: env.int("TRUSTED_PROXIES", 0, validate=validate.Range(0)), "a whole number from 0"
)
LOG_LEVEL = setting("LOG_LEVEL", lambda: env.log_level("LOG_LEVEL", logging.INFO), "DEBUG, INFO, WARNING or ERROR")
MEMBER_IDLE_MINUTES = minutes("MEMBER_IDLE_MINUTES", 15)
DESK_IDLE_MINUTES = minutes("DESK_IDLE_MINUTES", 5)
STUDIOS_FILE = BASE_DIR / env.str("STUDIOS_FILE", "studios.toml")
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", "portal@localhost")
DATABASES = {
    "default": setting(
        "DATABASE_URL",
        lambda: env.dj_db_url("DATABASE_URL", f"sqlite:///{BASE_DIR / 'portal.sqlite3'}"),
        "a database URL such as postgres://user:password@host/name",
    )
}
CACHES = {"default": cache_url("CACHE_URL", "locmem://")}
globals().update(email_url("EMAIL_URL", "console:"))
EMAIL_TIMEOUT = 3  # seconds: a slow mail server must not hold a page longer

# --- Fixed: what this product is made of ---------------------------------------------------------------------------
INSTALLED_APPS = [
    "django.forms",  # the templates of its widgets, for our renderer
    "django.contrib.admin.apps.SimpleAdminConfig",  # our own site, see selfservice/desk/admin.py
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "crispy_forms",
    "crispy_bootstrap5",
    "csp",
    "selfservice",
    "portal",
]
MIDDLEWARE = [
    # Before all others: whoever reads or sets a cookie need not know whether the page stands in a frame.
    "selfservice.embed.cookies.FramedCookiesMiddleware",
    "selfservice.logs.RequestLogMiddleware",
    # Around everything that can fail, so that error pages get their policy too.
    "selfservice.middleware.NoStoreMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "selfservice.embed.csp.FramingPolicyMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "selfservice.health.ProbeMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "selfservice.crowd.PaceMiddleware",
    # Before the CSRF check, so that its error page knows the studio.
    "selfservice.studios.middleware.StudioMiddleware",
    "selfservice.studios.middleware.LanguageMiddleware",
    "selfservice.middleware.RequestGuardMiddleware",
    "selfservice.storage.SurvivingSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "selfservice.embed.middleware.CookieCheckMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    # Behind the CSRF check: only what a page of ours sent is handed back to be sent again.
    "selfservice.crowd.AdmissionMiddleware",
    "selfservice.storage.StorageMiddleware",
]
ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "selfservice.studios.context.studio",
                "selfservice.embed.context.embedding",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"
CRISPY_ALLOWED_TEMPLATE_PACKS = CRISPY_TEMPLATE_PACK = "bootstrap5"
CRISPY_FAIL_SILENTLY = False
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # Writers queue up instead of failing with "database is locked".
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 5,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }

# --- Staff accounts ------------------------------------------------------------------------------------------------
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", **options}
    for name, options in {
        "MinimumLengthValidator": {"OPTIONS": {"min_length": 12}},
        "UserAttributeSimilarityValidator": {},
        "CommonPasswordValidator": {},
    }.items()
]
# The desk counts tries itself; a second, hidden count would refuse right codes for hours.
OTP_TOTP_THROTTLE_FACTOR = OTP_STATIC_THROTTLE_FACTOR = 0

# --- Languages -----------------------------------------------------------------------------------------------------
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("de", _("German"))]
FORMAT_MODULE_PATH = "portal.formats"
LOCALE_PATHS = [BASE_DIR / "selfservice" / "locale"]

# --- Static files --------------------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT: Path | None = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# --- Security ------------------------------------------------------------------------------------------------------
globals().update(over_https(https=not DEBUG))
SESSION_ENGINE = "selfservice.sessions"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = LANGUAGE_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 8 * 60 * 60
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_AGE = None  # ends with the browser
CSRF_FAILURE_VIEW = "selfservice.errors.csrf_failure"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REDIRECT_EXEMPT = ["^healthz$", "^readyz$"]  # probes come without TLS
SECURE_REFERRER_POLICY = "same-origin"  # "no-referrer" would make every POST fail the origin check
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
if TRUSTED_PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
X_FRAME_OPTIONS = "DENY"
DATA_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 100
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "object-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- Logs: one JSON line per event, no personal data ----------------------------------------------------------------
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "selfservice.logs.JsonLines"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["console"], "level": LOG_LEVEL},
    "loggers": {
        "django": {"handlers": [], "propagate": True},
        # The development server's line per request would say less than ours.
        "django.server": {"handlers": [], "propagate": True, "level": "ERROR"},
        # Every request has its own line already; of failures the exception is wanted too.
        "django.request": {"level": "ERROR"},
        # At DEBUG it writes whole contexts of pages, values of members among them.
        "django.template": {"level": "INFO"},
    },
}
