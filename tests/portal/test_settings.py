"""Settings: a wrong value stops the start with one sentence that names it, whichever way the portal is started."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SECRET = "correct-horse-" + "0123456789abcdefXYZ" * 3
STUDIOS = '[a]\nname="A"\nbase_url="https://a.example"\napi_key_env="KEY_OF_A"\n'


def run(*command: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run Python with the portal's settings from this environment alone."""
    keep = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "COVERAGE_PROCESS_START")}
    return subprocess.run(
        [sys.executable, *command],
        cwd=ROOT,
        env=keep | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def production(tmp_path: Path) -> dict[str, str]:
    """An environment that a real portal could run with."""
    (tmp_path / "studios.toml").write_text(STUDIOS, encoding="utf-8")
    return {
        "SECRET_KEY": SECRET,
        "ALLOWED_HOSTS": "portal.gym.example",
        "DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}",
        "CACHE_URL": "redis://127.0.0.1:6379/0",
        "EMAIL_URL": "submission://user:password@mail.gym.example:587",
        "STUDIOS_FILE": str(tmp_path / "studios.toml"),
        "KEY_OF_A": "the-key-of-a",
        "DJANGO_SETTINGS_MODULE": "portal.settings",
    }


def test_production_settings_pass_djangos_own_checks(production: dict[str, str]) -> None:
    code = (
        "import sys, tempfile; from django.conf import settings; from django.core.management import call_command; "
        "import django; django.setup(); settings.STATIC_ROOT = tempfile.mkdtemp(); "
        "call_command('collectstatic', interactive=False, verbosity=0); "
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    ended = run("-c", code, **production)
    assert ended.returncode == 0, ended.stderr
    assert "no issues" in ended.stdout


def test_without_collected_files_the_start_says_what_to_do(production: dict[str, str], tmp_path: Path) -> None:
    code = "from django.conf import settings; settings.STATIC_ROOT = '/none'; import portal.wsgi"
    ended = run("-c", code, **production)
    assert ended.returncode == 1
    assert ended.stderr.strip() == "The static files are not collected: run `manage.py collectstatic` first."


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET_KEY", "short"),
        ("SECRET_KEY", ""),
        ("SECRET_KEY_FILE", "/none"),
        ("ALLOWED_HOSTS", ""),
        ("DEBUG", "maybe"),
        ("DATABASE_URL", "foo://bar"),
        ("CACHE_URL", "memcached-ish://x"),
        ("EMAIL_URL", "pigeon://post"),
        ("TRUSTED_PROXIES", "-1"),
        ("TRUSTED_PROXIES", "many"),
        ("LOG_LEVEL", "LOUD"),
        ("MEMBER_IDLE_MINUTES", "0"),
        ("DESK_IDLE_MINUTES", "soon"),
    ],
)
def test_a_wrong_setting_is_one_sentence(production: dict[str, str], name: str, value: str) -> None:
    ended = run("-c", "import portal.wsgi", **production | {name: value})
    assert ended.returncode == 1
    assert name in ended.stderr
    assert len(ended.stderr.strip().splitlines()) == 1
    assert "Traceback" not in ended.stderr
    assert value not in ended.stderr or value in ("", "-1", "0", "short", "/none")


def test_manage_says_it_in_one_sentence_too(production: dict[str, str]) -> None:
    ended = run("manage.py", "migrate", **production | {"TRUSTED_PROXIES": "many"})
    assert ended.returncode == 1
    assert ended.stderr.strip() == "Setting TRUSTED_PROXIES is not usable: it should be a whole number from 0."


def test_a_wrong_studio_stops_the_server_and_never_shows_the_key(production: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "studios.toml").write_text(STUDIOS + 'colour = "red"\n', encoding="utf-8")
    ended = run("-c", "import portal.wsgi", **production)
    assert ended.returncode == 1
    assert ended.stderr.count("\n") == 1
    assert "studio a, property colour: there is no such property" in ended.stderr
    assert "the-key-of-a" not in ended.stderr + ended.stdout
    checked = run("manage.py", "check", **production)
    assert checked.returncode == 1
    assert "property colour" in checked.stderr


def test_the_secret_may_come_from_a_file(production: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    del production["SECRET_KEY"]
    both = production | {"SECRET_KEY_FILE": str(tmp_path / "secret")}
    code = "from django.conf import settings; print(settings.SECRET_KEY)"
    assert run("-c", code, **both).stdout.strip() == SECRET
    assert "not both" in run("-c", "import portal.wsgi", **both, SECRET_KEY=SECRET).stderr


def test_cookies_and_transport_are_strict_behind_tls(production: dict[str, str]) -> None:
    code = (
        "from django.conf import settings as s; "
        "print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SESSION_COOKIE_HTTPONLY, "
        "s.SESSION_COOKIE_SAMESITE, s.SECURE_SSL_REDIRECT, s.SECURE_HSTS_SECONDS)"
    )
    assert run("-c", code, **production).stdout.split() == [
        *("__Host-session", "__Host-csrftoken", "True", "True", "Lax", "True", "31536000")
    ]


def test_a_file_next_to_the_code_is_read_but_not_by_demo_and_tests(production: dict[str, str], tmp_path: Path) -> None:
    """In a copy, so that nobody's own file is touched; what the environment says comes first."""
    for part in ("portal", "selfservice", "templates"):
        (tmp_path / part).symlink_to(ROOT / part)
    (tmp_path / ".env").write_text(f"SECRET_KEY={SECRET}\nLOG_LEVEL=ERROR\nKEY_OF_A=from-the-file\n", encoding="utf-8")
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r}); import pathlib; "
        "pathlib.Path.resolve = lambda self: self; import os; from django.conf import settings as s; "
        "print(s.SECRET_KEY, s.LOG_LEVEL, os.environ.get('KEY_OF_A'))"
    )
    del production["SECRET_KEY"], production["KEY_OF_A"]
    assert run("-c", code, **production).stdout.split() == [SECRET, "40", "from-the-file"]
    production["LOG_LEVEL"] = "INFO"
    assert run("-c", code, **production).stdout.split()[1] == "20"
    demo = run("-c", code, **production | {"DJANGO_SETTINGS_MODULE": "portal.demo"})
    assert SECRET not in demo.stdout
    assert demo.stdout.split()[2] == "None"


def test_every_setting_stands_in_the_example() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    names = {
        *("SECRET_KEY", "SECRET_KEY_FILE", "DEBUG", "ALLOWED_HOSTS", "DATABASE_URL", "CACHE_URL", "EMAIL_URL"),
        *("DEFAULT_FROM_EMAIL", "STUDIOS_FILE", "TRUSTED_PROXIES", "LOG_LEVEL"),
        *("MEMBER_IDLE_MINUTES", "DESK_IDLE_MINUTES"),
    }
    assert {name for name in names if f"{name}=" not in example} == set()


def test_the_models_have_their_migrations(production: dict[str, str]) -> None:
    ended = run("manage.py", "makemigrations", "--check", "--dry-run", **production)
    assert ended.returncode == 0, ended.stdout
