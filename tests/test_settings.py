"""Settings are read from the environment or `.env`, and a mistake in them is explained."""

import re
import subprocess
import sys
from dataclasses import fields
from pathlib import Path

import pytest

from bot import i18n, settings
from bot.settings import Settings, SettingsError, read

NOWHERE = Path("does/not/exist/.env")
EXAMPLE = Path(__file__).parent.parent / ".env.example"


def test_without_any_setting_the_defaults_hold() -> None:
    chosen = read({}, NOWHERE)

    assert chosen == Settings()
    assert chosen.database_url == "sqlite:///data/stadtdialog.sqlite"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("STADTDIALOG_CITY=Herne\nSTADTDIALOG_LANGUAGE=en\n")

    chosen = read({"STADTDIALOG_CITY": "Datteln"}, dotenv)

    assert chosen.city == "Datteln"
    assert chosen.language == "en"


def test_an_empty_value_counts_as_unset(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("STADTDIALOG_CITY=Herne\nSTADTDIALOG_EMAIL=\nSTADTDIALOG_TELEPHONE\n")

    chosen = read({"STADTDIALOG_CITY": " ", "STADTDIALOG_LANGUAGE": ""}, dotenv)

    assert chosen == Settings(city="Herne")


def test_the_file_is_taken_literally(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("DATABASE_URL='postgresql://bot:pa${HOME}ss@db/bot'\n")

    assert read({}, dotenv).database_url == "postgresql+psycopg://bot:pa${HOME}ss@db/bot"


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"STADTDIALOG_CITY=M\xfcnster\n")

    with pytest.raises(SettingsError, match="cannot be read"):
        read({}, dotenv)


def test_the_default_database_lies_in_the_data_directory(tmp_path: Path) -> None:
    chosen = read({"STADTDIALOG_DATA_DIR": str(tmp_path)}, NOWHERE)

    assert chosen.data_dir == tmp_path
    assert chosen.database_url == f"sqlite:///{tmp_path}/stadtdialog.sqlite"


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("sqlite:////srv/bot.sqlite", "sqlite:////srv/bot.sqlite"),
        ("postgres://bot@db/bot", "postgresql+psycopg://bot@db/bot"),
        ("postgresql://bot:a%40b@db:5432/bot", "postgresql+psycopg://bot:a%40b@db:5432/bot"),
        ("postgresql+psycopg://bot@/bot?host=/run", "postgresql+psycopg://bot@/bot?host=/run"),
    ],
)
def test_the_address_of_a_database_is_made_uniform(given: str, used: str) -> None:
    assert read({"DATABASE_URL": given}, NOWHERE).database_url == used


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://bot@db/bot"),
        ("DATABASE_URL", "postgresql://bot@db"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "bot.sqlite"),
        ("DATABASE_URL", "sqlite:///bot.sqlite?mode=ro"),
        ("TELEGRAM_TOKEN", "123456789"),
        ("TELEGRAM_TOKEN", "'123456789:AbCdEfGhIjKlMnOpQrStUvWxYz012345678'"),
        ("TELEGRAM_TOKEN", "١٢٣٤٥٦٧٨٩:AbCdEfGhIjKlMnOpQrStUvWxYz012345678"),
        ("TELEGRAM_API_URL", "api.telegram.org"),
        ("TELEGRAM_WEBHOOK_URL", "bot.example.org"),
        ("TELEGRAM_WEBHOOK_URL", "http://bot.example.org/telegram"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org:8080/telegram"),
        ("TELEGRAM_WEBHOOK_URL", "https://bot.example.org/{telegram}"),
        ("MATRIX_HOMESERVER", "https://matrix.example.org/_matrix"),
        ("MATRIX_HOMESERVER", "ftp://matrix.example.org"),
        ("MATRIX_USER", "@stadtdialog"),
        ("MATRIX_USER", "Stadtdialog der Stadt"),
        ("MATRIX_DEVICE_ID", "two words"),
        ("MATRIX_PASSWORD", "two\tlines"),
        ("MATRIX_ACCESS_TOKEN", "two\tlines"),
        ("STADTDIALOG_SECRET_KEY", "secret"),
        ("STADTDIALOG_HOST", "localhost"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "eighty"),
        ("STADTDIALOG_DATA_DIR", __file__),
        ("STADTDIALOG_LANGUAGE", "fr"),
        ("STADTDIALOG_CITY", "C" * 81),
        ("STADTDIALOG_TELEPHONE", "112112112112112"),
        ("STADTDIALOG_TELEPHONE", "by day"),
        ("STADTDIALOG_EMAIL", "digitalisierung"),
        ("STADTDIALOG_REFERENCE_PREFIX", "cr"),
        ("STADTDIALOG_REFERENCE_PREFIX", "CASTROP"),
        ("STADTDIALOG_PRIVACY_NOTICE", "does/not/exist.txt"),
        ("STADTDIALOG_LOG_LEVEL", "loud"),
    ],
)
def test_a_mistake_is_named_with_what_is_expected(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=rf"^{name} .*\nExpected: .*\.$"):
        read({name: value}, NOWHERE)


@pytest.mark.parametrize(
    "url",
    ["mysql://bot:s3cret@db/bot", "postgresql://bot:s3cret/x@db/bot", "postgres://bot:s3cret@db"],
)
def test_a_password_is_never_shown(url: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({"DATABASE_URL": url}, NOWHERE)

    assert "s3cret" not in str(caught.value)
    assert caught.value.__context__ is None


@pytest.mark.parametrize(
    "token", ["12:S3CRETS3CRET", "123456789:S3CRET S3CRET S3CRET S3CRET S3CRET"]
)
def test_a_token_is_never_shown(token: str) -> None:
    with pytest.raises(SettingsError) as caught:
        read({"TELEGRAM_TOKEN": token}, NOWHERE)

    assert "S3CRET" not in str(caught.value)


def test_a_token_does_not_appear_when_settings_are_printed() -> None:
    token = "123456789:S3CRETS3CRETS3CRETS3CRETS3CRET01234"

    assert "S3CRET" not in repr(read({"TELEGRAM_TOKEN": token}, NOWHERE))


def test_a_city_with_a_server_of_its_own_may_take_any_address() -> None:
    chosen = read(
        {
            "TELEGRAM_API_URL": "http://127.0.0.1:8081/",
            "TELEGRAM_WEBHOOK_URL": "http://127.0.0.1:8080/telegram",
        },
        NOWHERE,
    )

    assert chosen.telegram_api_url == "http://127.0.0.1:8081"


BY_PASSWORD = {
    "MATRIX_HOMESERVER": "matrix.example.org",
    "MATRIX_USER": "@stadtdialog:example.org",
    "MATRIX_PASSWORD": "s3cret",
}
BY_TOKEN = {
    "MATRIX_HOMESERVER": "https://matrix.example.org/",
    "MATRIX_USER": "@stadtdialog:example.org",
    "MATRIX_ACCESS_TOKEN": "s3cret",
    "MATRIX_DEVICE_ID": "ABCDEFGHIJ",
}


@pytest.mark.parametrize("given", [BY_PASSWORD, BY_TOKEN])
def test_an_account_on_matrix_is_given_with_a_password_or_a_token(given: dict[str, str]) -> None:
    chosen = read(given, NOWHERE)

    assert chosen.matrix_homeserver == "https://matrix.example.org"
    assert "s3cret" not in repr(chosen)


@pytest.mark.parametrize(
    ("given", "missing"),
    [(BY_PASSWORD, name) for name in BY_PASSWORD]
    + [(BY_TOKEN, name) for name in BY_TOKEN if name != "MATRIX_ACCESS_TOKEN"],
)
def test_what_is_missing_of_an_account_on_matrix_is_named(
    given: dict[str, str], missing: str
) -> None:
    with pytest.raises(SettingsError, match=f"^{missing} is missing"):
        read({name: value for name, value in given.items() if name != missing}, NOWHERE)


def test_a_password_does_not_appear_when_settings_are_printed() -> None:
    chosen = read({"DATABASE_URL": "postgresql://bot:s3cret@db/bot"}, NOWHERE)

    assert "s3cret" not in repr(chosen)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("STADTDIALOG_LANGUAGE", "DE@leicht"),
        ("STADTDIALOG_TELEPHONE", "+49 2305 1062101"),
        ("STADTDIALOG_EMAIL", "rathaus@herne.de"),
        ("STADTDIALOG_REFERENCE_PREFIX", "HER"),
        ("STADTDIALOG_PRIVACY_NOTICE", __file__),
        ("STADTDIALOG_LOG_LEVEL", "info"),
    ],
)
def test_a_city_brings_its_own_settings(name: str, value: str) -> None:
    assert read({name: value}, NOWHERE) != Settings()


def test_the_example_file_explains_every_setting_with_its_default() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")

    for each in fields(Settings):
        default = "" if each.default is None else each.default
        assert f"# {each.metadata['meaning']}\n" in text
        assert f"\n#{each.metadata['name']}={default}\n" in text
    assert len(re.findall(r"^#\w+=", text, re.MULTILINE)) == len(fields(Settings))


def test_the_example_file_is_a_valid_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(re.sub(r"^#(?=\w+=)", "", EXAMPLE.read_text(), flags=re.MULTILINE))

    assert read({}, dotenv) == Settings()


def test_every_language_that_ships_can_be_chosen() -> None:
    assert set(settings.LANGUAGES) == set(i18n.LANGUAGES)


def test_the_defaults_pass_their_own_checks() -> None:
    for each in fields(Settings):
        if each.default is not None:
            assert each.metadata["check"](each.metadata["name"], str(each.default)) == each.default


def test_the_defaults_are_read_without_heavy_libraries() -> None:
    heavy = "{'phonenumbers', 'email_validator', 'dotenv', 'sqlalchemy'}"
    code = (
        "import sys; from pathlib import Path; import bot.cli; from bot.settings import read;"
        f" read({{}}, Path('none')); sys.exit(len({heavy} & set(sys.modules)))"
    )

    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("DATABSE_URL", "DATABASE_URL"),
        ("database_url", "DATABASE_URL"),
        ("TELEGRAM_TOKKEN", "TELEGRAM_TOKEN"),
        ("MATRIX_HOME_SERVER", "MATRIX_HOMESERVER"),
        ("STADTDIALOG_DATADIR", "STADTDIALOG_DATA_DIR"),
        ("STADTDIALOG_ANYTHING", "a name from the list"),
    ],
)
def test_a_misspelt_setting_is_a_fault(tmp_path: Path, name: str, meant: str) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"{name}=x\n")

    for environ, file in (({name: "x"}, NOWHERE), ({}, dotenv)):
        with pytest.raises(SettingsError, match=f"{name} is no setting.\nExpected: {meant}."):
            read(environ, file)


@pytest.mark.parametrize("name", ["HOME", "TELEGRAM_CHAT", "MATRIX_ROOM", "DATABASE", "PORTS"])
def test_what_belongs_to_others_is_left_alone(name: str) -> None:
    assert read({name: "x"}, NOWHERE) == Settings()


@pytest.mark.parametrize(
    "line", ["TELEGRAM_TOKEN='123:abc", 'STADTDIALOG_CITY="Herne', "STADTDIALOG CITY=Herne", "=x"]
)
def test_a_line_that_cannot_be_read_is_a_fault_and_its_value_no_secret(
    tmp_path: Path, line: str
) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text(f"# first\n{line}\n")

    with pytest.raises(SettingsError, match="line 2, cannot be read") as fault:
        read({}, dotenv)
    assert "abc" not in str(fault.value)
