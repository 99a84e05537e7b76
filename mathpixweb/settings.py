"""One settings file, read from the environment once; everything mutable lives under DATA_DIR."""

from __future__ import annotations

import base64
import hashlib
import os
import secrets
from pathlib import Path
from urllib.parse import urlsplit

from mathpixweb import env, logs

BASE_DIR = Path(__file__).resolve().parent.parent
# with the secret key and everybody's documents
DATA_DIR = env.folder("DATA_DIR", Path(env.text("DATA_DIR", str(BASE_DIR / "data"))).resolve())


def _secret_key() -> str:
    """The key from the environment, or one made at the first start and kept under DATA_DIR."""
    if key := env.text("SECRET_KEY"):
        return key
    path = DATA_DIR / "secret_key"
    if not path.exists():
        draft = path.with_suffix(f".{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(50))
        try:
            os.link(draft, path)  # two processes at the first start: the first one's key wins
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_text()


try:
    SECRET_KEY = _secret_key()
except OSError as error:
    raise env.unwritable("DATA_DIR", DATA_DIR, error) from None
DEBUG = env.flag("DEBUG", False)
HOST = env.text("HOST", "127.0.0.1")
PORT = env.number("PORT", 8000, least=1, most=65535)
# every address of this machine is no address to go to
_own_name = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(HOST, f"[{HOST}]" if ":" in HOST else HOST)  # noqa: S104
PUBLIC_URL = env.address("PUBLIC_URL", f"http://{_own_name}:{PORT}")
# this machine's own names always work, so that health checks do; and the name that people use
_own_names = [urlsplit(PUBLIC_URL).hostname or "", "localhost", "127.0.0.1", "[::1]"]
ALLOWED_HOSTS = [*env.items("ALLOWED_HOSTS"), *filter(None, _own_names)]
CSRF_TRUSTED_ORIGINS = env.items("CSRF_TRUSTED_ORIGINS", PUBLIC_URL)
HTTPS = PUBLIC_URL.startswith("https://")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "mathpixweb.accounts",
    "mathpixweb.documents",
    "mathpixweb.api",
    "mathpixweb.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",  # above all that can answer, so that no answer goes without
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "mathpixweb.web.without_nul.WithoutNul",
    "mathpixweb.web.auditing.noting_deeds",
    "mathpixweb.web.storing.StorageIsAway",
    "mathpixweb.web.wrong_methods.WrongMethod",
]

API_MIDDLEWARE = [
    "mathpixweb.web.auditing.noting_deeds"
]  # the API knows no cookies, so it needs none of the others

ROOT_URLCONF = "mathpixweb.urls"
ASGI_APPLICATION = "mathpixweb.asgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "mathpixweb.web.context.workspace",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
        },
    }
]

DATABASES = {
    "default": env.postgres("DATABASE_URL")
    or {
        "ENGINE": "mathpixweb.sqlite",
        "NAME": DATA_DIR / "db.sqlite3",
        "TEST": {"NAME": DATA_DIR / "test.sqlite3"},  # a file, as in life: threads and processes share it
        # with these, eight writing threads in two processes get no "database is locked"
        "OPTIONS": {
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=NORMAL;PRAGMA secure_delete=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "web:sign-in"
LOGIN_REDIRECT_URL = "web:library"
LOGOUT_REDIRECT_URL = "web:sign-in"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_LINK_HOURS = 24
# accounts of an OpenID Connect provider; without an issuer there are only those of this server
OIDC_ISSUER = env.text("OIDC_ISSUER")
OIDC_CLIENT_ID = env.text("OIDC_CLIENT_ID")
OIDC_CLIENT_SECRET = env.text("OIDC_CLIENT_SECRET")
OIDC_NAME = env.text("OIDC_NAME", "OpenID Connect")  # what the button says
OIDC_TEAM = env.text("OIDC_TEAM")  # which everybody of the provider joins; else only who is invited comes in
OIDC_ROLE = env.one_of("OIDC_ROLE", ("member", "viewer", "admin"))
OIDC_TRUST_EMAIL = env.flag("OIDC_TRUST_EMAIL", False)  # of a provider that does not say "email_verified"
# invitations go out by e-mail where there is a server for it; their links can always be copied
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.number("EMAIL_PORT", 587, least=1, most=65535)
EMAIL_HOST_USER = env.text("EMAIL_USER")
EMAIL_HOST_PASSWORD = env.text("EMAIL_PASSWORD")
EMAIL_USE_TLS = env.flag("EMAIL_TLS", True)
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = env.text("EMAIL_FROM", EMAIL_HOST_USER)
METRICS_KEY = env.text("METRICS_KEY")  # what /metrics is asked with; without one only operators see it

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("fr", "Français"), ("zh-hans", "简体中文")]
FORMAT_MODULE_PATH = ["mathpixweb.formats"]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_AGE = 60 * 60 * 24 * 365
LANGUAGE_COOKIE_SECURE = HTTPS
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
NODE_MODULES = BASE_DIR / "node_modules"
STATICFILES_DIRS = [
    BASE_DIR / "static",
    # the faces that static/css/fonts.css names
    ("vendor/stix-two-math", NODE_MODULES / "@fontsource" / "stix-two-math" / "files"),
    ("vendor/stix-two-text", NODE_MODULES / "@fontsource-variable" / "stix-two-text" / "files"),
    ("vendor/inter", NODE_MODULES / "@fontsource-variable" / "inter" / "files"),
    ("vendor/jetbrains-mono", NODE_MODULES / "@fontsource-variable" / "jetbrains-mono" / "files"),
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "mathpixweb.web.static_storage.GatheredStaticFiles"},
}
MEDIA_ROOT = DATA_DIR / "files"
MEDIA_URL = "/no-public-files/"
# a bucket that is the files' home; MEDIA_ROOT then holds copies of what this machine has used
FILES_URL = env.bucket("FILES_URL")
FILES_ENDPOINT = env.address("FILES_ENDPOINT")
FILES_REGION = env.text("FILES_REGION", "us-east-1")
FILES_ACCESS_KEY = env.text("FILES_ACCESS_KEY")
FILES_SECRET_KEY = env.text("FILES_SECRET_KEY")
FILES_CACHE_GB = env.number("FILES_CACHE_GB", 20)
FILE_UPLOAD_TEMP_DIR = env.folder("DATA_DIR", DATA_DIR / "uploads")
# a small one is written once, where it stays; a big one is moved there
FILE_UPLOAD_HANDLERS = [
    "mathpixweb.documents.intake.uploads.SmallInMemory",
    "mathpixweb.documents.intake.uploads.Arrived",
]

# Limits, checked before work is done. Sizes in bytes, times in seconds.
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024
MAX_UPLOAD_BYTES = env.number("MAX_UPLOAD_MB", 1024, least=1) * 1024 * 1024
MAX_PAGES = env.number("MAX_PAGES", 5000, least=1)
FETCH_SECONDS = env.number("FETCH_SECONDS", 120, least=1)
ALLOW_PRIVATE_FETCH = env.networks("ALLOW_PRIVATE_FETCH")
ALLOW_PRIVATE_CALLBACKS = env.networks("ALLOW_PRIVATE_CALLBACKS")  # networks; by number also without https
CORS_ORIGINS = env.items("CORS_ORIGINS", "*")  # whose pages may call the API; it knows no cookies
# of each key, each person in a team and each team; 0 is no limit, and their own limits go before these
KEY_REQUESTS_PER_MINUTE = env.number("KEY_REQUESTS_PER_MINUTE", 0)
MEMBER_REQUESTS_PER_MINUTE = env.number("MEMBER_REQUESTS_PER_MINUTE", 0)
TEAM_REQUESTS_PER_MINUTE = env.number("TEAM_REQUESTS_PER_MINUTE", 0)
KEY_PAGES_PER_MONTH = env.number("KEY_PAGES_PER_MONTH", 0)
MEMBER_PAGES_PER_MONTH = env.number("MEMBER_PAGES_PER_MONTH", 0)
TEAM_PAGES_PER_MONTH = env.number("TEAM_PAGES_PER_MONTH", 0)
TRASH_DAYS = env.number("TRASH_DAYS", 30, least=0)  # until what lies in the trash is deleted; 0: never
PRIVATE_HOURS = env.number("PRIVATE_HOURS", 24, least=0)  # until what is private is erased; 0: by its sender
STORE_ENDPOINTS = env.items("STORE_ENDPOINTS")  # of S3, Azure or Google elsewhere than in their clouds
NOTICE = "mathpixweb.web.mail.done"  # tells a person that a document is done
BUDGET_NOTICE = "mathpixweb.web.mail.budget"  # tells people how much of a budget is used
CALLBACK_BODY = "mathpixweb.api.callback_bodies.compose"  # what a callback says, told by the API
MAX_IMAGE_BYTES = 5 * 1024 * 1024  # of a request that carries an image, as the contract says
IMAGE_DOWNLOAD_BYTES, IMAGE_DOWNLOAD_SECONDS = 10 * 1024 * 1024, 15
# a body of that size stays in memory: an image that must not reach a disk could not wait there
FILE_UPLOAD_MAX_MEMORY_SIZE = MAX_IMAGE_BYTES + 1024 * 1024
IMAGE_SECONDS = env.number("IMAGE_SECONDS", 30, least=1)
IMAGE_READERS = env.number("IMAGE_READERS", min(os.cpu_count() or 1, 4), least=1)
PAGE_SECONDS = env.number("PAGE_SECONDS", 60, least=1)
LARGE_TABLES_TIMES = 3  # as long as that, where tables may be very large
RENDITION_SECONDS = env.number("RENDITION_SECONDS", 120, least=1)
WORKER_MEMORY_MB = env.number("WORKER_MEMORY_MB", 2048, least=256)
WORKERS = env.number("WORKERS", os.cpu_count() or 1, least=1)

REDIS_URL = env.address("REDIS_URL", schemes=("redis", "rediss"))
# who reads what is new, by its name in documents.provider, for teams that have not chosen themselves
PROVIDER = env.one_of("PROVIDER", ("local", "mathpix"))
MATHPIX_API_URL = env.address("MATHPIX_API_URL")  # a server that speaks Mathpix's API
MATHPIX_APP_ID = env.text("MATHPIX_APP_ID")
MATHPIX_APP_KEY = env.text("MATHPIX_APP_KEY")
REMOTE_SECONDS = env.number("REMOTE_SECONDS", 900, least=1)  # without news of a document read elsewhere
MIRROR_SECONDS = env.number("MIRROR_SECONDS", 600, least=10)  # between two looks at a mirrored account
EGRESS = env.flag("EGRESS", True)  # false: no team can have anything read elsewhere

if REDIS_URL:
    # redis-py's default socket timeout would close every idle WebSocket after five seconds
    CHANNEL_LAYERS = {
        "default": {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
        }
    }
else:
    CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}

# failed sign-ins are counted together, whichever web server they are tried at
_local_cache = {
    "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
    "OPTIONS": {"MAX_ENTRIES": 20_000},  # more than Django's 300
}
_shared_cache = {
    "BACKEND": "django.core.cache.backends.redis.RedisCache",
    "LOCATION": REDIS_URL,
    "KEY_PREFIX": "mathpixweb",
    "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
}
CACHES = {"default": _shared_cache if REDIS_URL else _local_cache, "local": _local_cache}

BROKER_DIR = env.folder("DATA_DIR", DATA_DIR / "broker")
BELL_DIR = env.folder("DATA_DIR", DATA_DIR / "bell")  # by which one process tells others of changed documents
CELERY_BROKER_URL = REDIS_URL or "filesystem://localhost"
CELERY_BROKER_TRANSPORT = None if REDIS_URL else "mathpixweb.broker:Transport"
CELERY_BROKER_TRANSPORT_OPTIONS = (
    {"visibility_timeout": 3600}
    if REDIS_URL
    else {
        "data_folder_in": str(BROKER_DIR),
        "data_folder_out": str(BROKER_DIR),
        "control_folder": str(BROKER_DIR / "control"),
        "polling_interval": 0.05,
    }
)
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = False  # the database knows what is unfinished; the sweep brings it back
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_MAX_TASKS_PER_CHILD = 500
# in KB: a process that once needed more gives all back, and its successor is there within a second
CELERY_WORKER_MAX_MEMORY_PER_CHILD = min(400, WORKER_MEMORY_MB // 2) * 1024
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_TIME_LIMIT = 2 * max(LARGE_TABLES_TIMES * PAGE_SECONDS, RENDITION_SECONDS, FETCH_SECONDS) + 30

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 60 * 60 * 24 * 30
SECURE_SSL_REDIRECT = False
SECURE_HSTS_SECONDS = 60 * 60 * 24 * 365 if HTTPS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("TRUST_PROXY", False) else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
# not of use here: frames are forbidden by the policy below, the proxy leads to https, and what other names of
# the same domain do is not ours to say
SILENCED_SYSTEM_CHECKS = ["security.W002", "security.W005", "security.W008", "security.W021"]
_theme = hashlib.sha256((BASE_DIR / "templates" / "theme.js").read_text("utf-8").encode()).digest()
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        # and the one script that stands in the page, to the letter
        "script-src": ["'self'", f"'sha256-{base64.b64encode(_theme).decode()}'"],
        # rendered mathematics carries computed sizes in style attributes
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "manifest-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": logs.formatter, "name": env.one_of("LOG_FORMAT", logs.FORMATS)}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
    "loggers": {
        "mathpixweb": {"level": env.text("LOG_LEVEL", "INFO")},
        "pdfminer": {"level": "ERROR"},
        "django.request": {"level": "ERROR"},  # what a client asked wrongly is told to the client
        "httpx": {"level": "WARNING"},  # its INFO lines hold whole addresses, signatures and all
    },
}
