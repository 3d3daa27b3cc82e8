"""Django settings, read from the environment (every variable is listed in docs/settings.md)."""

import os
import secrets
from datetime import timedelta
from pathlib import Path

import dj_database_url
import django_stubs_ext
from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from anlan.kit import clock, logs

django_stubs_ext.monkeypatch()

PACKAGE = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("ANLAN_DATA", "data")).resolve()


def _secret_key() -> str:
    """The key from the environment, else one made once and kept in the data folder, readable by its owner only."""
    if key := os.environ.get("ANLAN_SECRET_KEY"):
        return key
    kept = DATA / "secret.key"
    if not kept.exists():
        DATA.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(kept, os.O_WRONLY | os.O_CREAT, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(64))
    return kept.read_text()


SECRET_KEY = _secret_key()
DEBUG = os.environ.get("ANLAN_DEBUG") == "1"
ALLOWED_HOSTS = os.environ.get("ANLAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
PROXIES = tuple(one.strip() for one in os.environ.get("ANLAN_PROXIES", "").split(",") if one.strip())
API_RATE = int(os.environ.get("ANLAN_API_RATE", "600"))  # requests a minute with one token
DEMO = os.environ.get("ANLAN_DEMO") == "1"  # set by ``anlan demo``: the stage page, a clock that may be simulated
HOOK_NETWORKS = tuple(one.strip() for one in os.environ.get("ANLAN_HOOK_NETWORKS", "").split(",") if one.strip())
METRICS_TOKEN = os.environ.get("ANLAN_METRICS_TOKEN", "")
CSRF_TRUSTED_ORIGINS = [origin for origin in os.environ.get("ANLAN_ORIGINS", "").split(",") if origin]

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "anlan.kit",  # before allauth, whose templates it replaces
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "axes",
    "csp",
    "anlan.apps.core",
    "anlan.apps.ledger",
    "anlan.apps.monitoring",
    "anlan.apps.hooks",
    "anlan.apps.enterprises",
    "anlan.apps.incidents",
    "anlan.apps.consequences",
    "anlan.apps.reports",
    "anlan.apps.parks",
    "anlan.apps.tailings",
    "anlan.apps.exchange",
    "anlan.web",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "csp.middleware.CSPMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "anlan.apps.core.bearer.BearerMiddleware",
    "anlan.apps.core.sign_in.SecondFactorMiddleware",
    "anlan.kit.middleware.ErrorMiddleware",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "anlan.config.urls"
WSGI_APPLICATION = "anlan.config.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "anlan.web.context.chrome",
            ],
        },
    }
]

DATABASES = {
    "default": dj_database_url.parse(
        os.environ.get("ANLAN_DATABASE_URL", f"sqlite:///{DATA / 'anlan.sqlite3'}"), conn_max_age=600
    )
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["ENGINE"] = "anlan.kit.sqlite"
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA busy_timeout=20000",
    }
CACHES = {"default": {"BACKEND": "anlan.kit.shared.SharedCache", "LOCATION": str(DATA / "shared.sqlite3")}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "core.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
PASSWORD_HASHERS = ["anlan.kit.hashers.Argon2"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SESSION_ENGINE = "anlan.apps.core.sessions"
SESSION_COOKIE_AGE = int(float(os.environ.get("ANLAN_SESSION_HOURS", "12")) * 3600)
CSRF_FAILURE_VIEW = "anlan.kit.pages.csrf_failed"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = os.environ.get("ANLAN_HTTPS") == "1"

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "anlan.apps.core.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "10/5m/key"}  # wrong second factors; axes counts wrong passwords
MFA_ADAPTER = "anlan.apps.core.sign_in.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "安澜"
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_USERNAME_CALLABLE = "anlan.apps.core.sign_in.username_tried"
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_LOCKOUT_CALLABLE = "anlan.apps.core.sign_in.locked_out"
AXES_VERBOSE = False
AXES_DISABLE_ACCESS_LOG = True  # audit rows say who signed in

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "中文"), ("en", "English")]
LOCALE_PATHS = [PACKAGE / "kit" / "locale"]
TIME_ZONE = clock.ZONE.key
USE_TZ = True

STATIC_URL = "/static/"
WHITENOISE_USE_FINDERS = True
WHITENOISE_IMMUTABLE_FILE_TEST = r"^/static/anlan/[\w.-]+-[0-9A-Z]{8}\.\w+$"  # the name has the content's hash
MEDIA_ROOT = DATA / "files"

# Nothing inline, nothing from elsewhere. data: for icons in style sheets, blob: for pictures that MapLibre makes.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:", "blob:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "object-src": [NONE],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_REFERRER_POLICY = "same-origin"

LOGGING = logs.config()

SITE_NAME = _("安澜")
