"""A real PostgreSQL: the whole way of a change on it, and what people see while it is away."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.conftest import Serve
from tests.faults.serving import Api, free_port
from tests.faults.visiting import Visitor, held
from tests.pageclient import form_values, texts

ANNA, NUMBER = 1001, "+49 30 23125555"
PROGRAMS = ("initdb", "pg_ctl", "psql")
# PostgreSQL does not run as root; Debian's package brings a user for it.
AS_USER = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []


def usable() -> bool:
    if not all(map(shutil.which, PROGRAMS)):
        return False
    return not AS_USER or subprocess.run(["id", "postgres"], capture_output=True, check=False).returncode == 0


pytestmark = pytest.mark.skipif(not usable(), reason="there is no PostgreSQL here")


class Postgres:
    """A server of the test's own, in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.port = folder, free_port()
        folder.mkdir()
        if AS_USER:
            shutil.chown(folder, "postgres")
            for parent in list(folder.parents)[:-2]:
                parent.chmod(parent.stat().st_mode | 0o011)
        self._run("initdb", "--auth", "trust", "--username", "portal", "--encoding", "UTF8", "-D", str(folder / "data"))
        self.start()
        self.url = f"postgres://portal@127.0.0.1:{self.port}/postgres"

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={self.folder} -c fsync=off"
        self._control("start", "-o", options, "-l", str(self.folder / "log"))

    def stop(self) -> None:
        self._control("stop", "-m", "immediate")

    def query(self, statement: str) -> list[list[str]]:
        address = ["-h", "127.0.0.1", "-p", str(self.port), "-U", "portal", "postgres"]
        said = self._run("psql", "-Atc", statement, *address)
        return [line.split("|") for line in said.splitlines()]

    def _control(self, *what: str) -> None:
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", *what)

    def _run(self, *command: str) -> str:
        ended = subprocess.run([*AS_USER, *command], stdout=subprocess.PIPE, text=True, check=True, cwd="/")
        return ended.stdout


@pytest.fixture
def postgres(tmp_path: Path) -> Iterator[Postgres]:
    running = Postgres(tmp_path / "postgres")
    yield running
    running.stop()


def test_a_change_on_postgresql_and_while_it_is_away(api: Api, serve: Serve, postgres: Postgres) -> None:
    anna = Visitor(serve(DATABASE_URL=postgres.url), ANNA, signs_in_as="anna.berger@example.com")
    values = form_values(anna.get("contact/")) | {"phone_private": NUMBER}
    postgres.stop()
    page, answer = anna.get(), anna.send("contact", values)
    assert page.status_code == 503
    assert "The portal has a problem of its own" in texts(page)
    assert answer is not None
    assert answer.status_code == 503
    assert held(api, ANNA, "phonePrivate")[0] is None
    postgres.start()
    again = anna.send("contact", form_values(answer))
    assert again is not None
    assert again.status_code == 302
    assert "Your request has been sent." in anna.read("contact/")
    assert held(api, ANNA, "phonePrivate")[0] == NUMBER
    entries = postgres.query("SELECT action, outcome FROM selfservice_auditentry ORDER BY id")
    assert entries == [["sign-in", "ok"], ["change", ""], ["change", "pending"]]


def test_what_was_interrupted_is_told_on_postgresql(serve: Serve, postgres: Postgres) -> None:
    """Locking rows is what differs most between the databases."""
    anna = Visitor(serve(DATABASE_URL=postgres.url), ANNA, signs_in_as="anna.berger@example.com")
    columns = "at, studio, actor, customer_id, action, data_set, fields, proof, outcome, account, request"
    postgres.query(
        f"INSERT INTO selfservice_auditentry ({columns}) VALUES "
        f"(now() - interval '1 hour', 'berlin-mitte', 'member', {ANNA}, 'change', 'contact', '[]', '', '', '', '')"
    )
    assert "the portal was interrupted" in anna.read()
    outcomes = postgres.query("SELECT outcome FROM selfservice_auditentry WHERE action = 'change' ORDER BY id")
    assert outcomes == [[""], ["interrupted"], ["told"]]
