"""The program as a whole: it starts, or says why it does not; only one runs on a file."""

from __future__ import annotations

import re
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.store import ownership
from bot.store.database import Database
from bot.store.ownership import Owned
from tests import programs, sample

pytestmark = pytest.mark.slow


def refused(directory: Path, *arguments: str, **settings: str) -> str:
    """Start a conversation that cannot begin, and give the reason."""
    done = programs.run("chat", *arguments, directory=directory, text="/help\n", **settings)
    assert done.returncode == 2, (done.stdout, done.stderr)
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert 1 <= done.stderr.count("\n") <= 3
    return done.stderr


class TestStart:
    def test_a_first_conversation_needs_nothing_but_the_command(self, tmp_path: Path) -> None:
        done = programs.run("chat", "--example", directory=tmp_path, text="/events\n")

        assert (done.returncode, done.stderr) == (0, "")
        assert "  2  " in done.stdout
        assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700

    def test_without_events_it_says_how_to_load_some(self, tmp_path: Path) -> None:
        done = programs.run("chat", directory=tmp_path, text="/help\n")

        assert done.returncode == 0
        assert "stadtdialog chat --example" in done.stderr
        assert "--example" not in done.stdout

    def test_the_example_does_not_replace_what_lies_ahead(self, tmp_path: Path) -> None:
        file = programs.run("events", "example", directory=tmp_path).stdout
        only = file[: file.rindex("[[event]]")].replace('"auftakt"', '"own"', 1)
        programs.run("migrate", directory=tmp_path)
        loaded = programs.run("events", "load", "-", directory=tmp_path, text=only)
        assert loaded.stdout == "own: new\n"

        done = programs.run("chat", "--example", directory=tmp_path, text="/events\n")

        assert "  1  " in done.stdout
        assert "  2  Video" not in done.stdout

    def test_what_was_said_is_there_after_a_restart(self, tmp_path: Path) -> None:
        first = programs.run("chat", "--example", directory=tmp_path, text="/events\n")
        second = programs.run("chat", "--example", directory=tmp_path, text="1\n")
        bert = programs.run("chat", "--example", "--as", "bert", directory=tmp_path, text="1\n")

        assert first.stdout.startswith("> /events\n")
        assert "DIEZE" in second.stdout
        assert "I have not asked anything just now." in bert.stdout
        assert second.returncode == bert.returncode == 0

    def test_it_runs_on_postgresql_too(self, tmp_path: Path, postgres_url: str) -> None:
        migrated = programs.run("migrate", directory=tmp_path, DATABASE_URL=postgres_url)
        done = programs.run(
            "chat", "--example", directory=tmp_path, text="/events\n", DATABASE_URL=postgres_url
        )

        assert (migrated.returncode, migrated.stderr) == (0, "")
        assert (done.returncode, done.stderr) == (0, "")
        assert "  2  " in done.stdout


class TestOwnership:
    def test_a_second_conversation_on_the_same_file_is_told_what_to_do(
        self, tmp_path: Path
    ) -> None:
        first = subprocess.Popen(
            programs.command("chat", "--example"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=tmp_path,
            env=programs.environment(tmp_path / "data", {}),
        )
        assert first.stdin is not None
        assert first.stdout is not None
        first.stdin.write(b"/help\n")
        first.stdin.flush()
        assert first.stdout.readline() == b"> /help\n"

        reason = refused(tmp_path, "--as", "bert")
        beside = programs.run("staff", "invite", "--role", "admin", directory=tmp_path)
        first.send_signal(signal.SIGKILL)
        first.communicate()
        afterwards = programs.run("chat", "--as", "bert", directory=tmp_path, text="/help\n")

        assert f"(process {first.pid})" in reason
        assert "PostgreSQL" in reason
        assert beside.returncode == 0
        assert afterwards.returncode == 0

    def test_the_lock_is_free_again_when_its_owner_has_gone(self, tmp_path: Path) -> None:
        file = tmp_path / "a.sqlite"
        with ownership.owned(file), pytest.raises(Owned), ownership.owned(file):
            pass
        with ownership.owned(file):
            pass

    def test_a_lock_that_was_deleted_by_hand_is_still_a_lock(self, tmp_path: Path) -> None:
        file = tmp_path / "a.sqlite"
        Database(f"sqlite:///{file}").close()
        with ownership.owned(file):
            Path(f"{file}.lock").unlink()
            renamed = tmp_path / "b.sqlite"
            renamed.hardlink_to(file)
            for name in (file, renamed):
                with pytest.raises(Owned), ownership.owned(name):
                    pass
        with ownership.owned(file):
            pass

    def test_an_interrupted_conversation_ends_without_noise(self, tmp_path: Path) -> None:
        running = subprocess.Popen(
            programs.command("chat", "--example"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            env=programs.environment(tmp_path / "data", {}),
        )
        assert running.stdin is not None
        assert running.stdout is not None
        running.stdin.write(b"/help\n")
        running.stdin.flush()
        running.stdout.readline()
        time.sleep(0.2)
        running.send_signal(signal.SIGINT)
        _output, noise = running.communicate(timeout=20)

        assert (running.returncode, noise) == (130, b"")

    def test_nor_does_it_matter_that_the_suite_runs_in_the_background(self) -> None:
        this = f"{__file__}::TestOwnership::test_an_interrupted_conversation_ends_without_noise"
        suite = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-n0", this]
        in_the_background = ["/bin/sh", "-c", "trap '' INT QUIT; exec \"$@\"", "sh", *suite]

        done = subprocess.run(in_the_background, capture_output=True, text=True, check=False)

        assert done.returncode == 0, done.stdout


class TestReasons:
    def test_a_data_directory_that_cannot_be_created(self, tmp_path: Path) -> None:
        (tmp_path / "file").write_text("in the way")

        reason = refused(tmp_path, STADTDIALOG_DATA_DIR=str(tmp_path / "file" / "data"))

        assert "Nothing can be stored in" in reason
        assert "STADTDIALOG_DATA_DIR" in reason

    @pytest.mark.parametrize("directory", ["/proc", "/proc/stadtdialog", "/proc/self/fd"])
    def test_a_data_directory_that_cannot_be_written(self, tmp_path: Path, directory: str) -> None:
        assert "Nothing can be stored in" in refused(tmp_path, STADTDIALOG_DATA_DIR=directory)

    def test_a_file_that_is_no_database_is_left_as_it_is(self, tmp_path: Path) -> None:
        file = tmp_path / "letter.txt"
        file.write_text("Dear Sir or Madam, this is a letter.")

        reason = refused(tmp_path, DATABASE_URL=f"sqlite:///{file}")

        assert "is not a SQLite database" in reason
        assert file.read_text() == "Dear Sir or Madam, this is a letter."

    def test_a_database_that_is_damaged(self, tmp_path: Path) -> None:
        file = tmp_path / "a.sqlite"
        file.write_bytes(b"SQLite format 3\x00" + b"\xff" * 4096)

        done = programs.run("chat", directory=tmp_path, DATABASE_URL=f"sqlite:///{file}")
        assert (done.returncode, done.stdout) == (3, "")
        assert "The database is damaged." in done.stderr

    def test_a_directory_instead_of_a_database(self, tmp_path: Path) -> None:
        assert "cannot be read" in refused(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}")

    @pytest.mark.parametrize("kind", ["sqlite_url", "postgres_url"])
    def test_a_database_of_a_newer_version(
        self, tmp_path: Path, request: pytest.FixtureRequest, kind: str
    ) -> None:
        url = request.getfixturevalue(kind)
        programs.run("migrate", directory=tmp_path, DATABASE_URL=url)
        with sample.opened(url) as database, database.transaction() as tx:
            tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")

        assert "newer version" in refused(tmp_path, DATABASE_URL=url)
        done = programs.run("migrate", directory=tmp_path, DATABASE_URL=url)
        assert (done.returncode, "newer version" in done.stderr) == (2, True)

    def test_a_server_that_was_never_migrated(self, tmp_path: Path, postgres_url: str) -> None:
        assert "run: stadtdialog migrate" in refused(tmp_path, DATABASE_URL=postgres_url)

    def test_a_server_that_is_down_is_told_at_once_and_the_password_never(
        self, tmp_path: Path
    ) -> None:
        begun = time.monotonic()

        reason = refused(tmp_path, DATABASE_URL="postgresql://bot:s3cret@127.0.0.1:9/bot")

        assert "onnection refused" in reason
        assert "s3cret" not in reason
        assert time.monotonic() - begun < 10

    @pytest.mark.parametrize(
        ("url", "hint"),
        [
            ("postgresql://bot:s3cret@/bot?host=/nowhere", "No such file"),
            ("postgresql://bot:s3cret@127.0.0.1:9/bot?colour=green", "colour"),
            ("postgresql://bot:s3cret@127.0.0.1:9/bot?connect_timeout=x", "connect_timeout"),
        ],
    )
    def test_an_address_that_leads_nowhere(self, tmp_path: Path, url: str, hint: str) -> None:
        reason = refused(tmp_path, DATABASE_URL=url)

        assert hint in reason
        assert "s3cret" not in reason

    def test_a_server_does_not_know_the_database(self, tmp_path: Path, postgres_url: str) -> None:
        url = re.sub(r"/test_\d+", "/nothing", postgres_url)

        assert "does not exist" in refused(tmp_path, DATABASE_URL=url)

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("DATABASE_URL", "mysql://bot:s3cret@db/bot"),
            ("STADTDIALOG_LANGUAGE", "fr"),
            ("STADTDIALOG_CITY", "C" * 81),
            ("STADTDIALOG_TELEPHONE", "by day"),
            ("STADTDIALOG_EMAIL", "digitalisierung"),
            ("STADTDIALOG_REFERENCE_PREFIX", "cr"),
            ("STADTDIALOG_PRIVACY_NOTICE", "does/not/exist.txt"),
            ("STADTDIALOG_LOG_LEVEL", "loud"),
            ("STADTDIALOG_DATA_DIR", __file__),
        ],
    )
    def test_a_wrong_setting_is_named(self, tmp_path: Path, name: str, value: str) -> None:
        reason = refused(tmp_path, **{name: value})

        assert reason.startswith(f"Error: {name} ")
        assert "\nExpected: " in reason
        assert "s3cret" not in reason

    @pytest.mark.parametrize("name", ["", " ", "x" * 65, "a\nb"])
    def test_a_name_that_is_none(self, tmp_path: Path, name: str) -> None:
        assert (
            "a name has 1 to 64 characters"
            in programs.run("chat", "--as", name, directory=tmp_path).stderr
        )


def test_an_older_file_is_migrated_by_itself(tmp_path: Path) -> None:
    programs.run("migrate", directory=tmp_path)
    file = sqlite3.connect(tmp_path / "data" / "stadtdialog.sqlite")
    for (table,) in file.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
        if not table.startswith("sqlite_"):
            file.execute(f"DROP TABLE {table}")
    file.commit()
    file.close()

    done = programs.run("chat", "--example", directory=tmp_path, text="/events\n")

    assert (done.returncode, done.stderr) == (0, "")
