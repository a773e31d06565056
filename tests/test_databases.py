"""Both kinds of database are real, and each test gets its own."""

import pytest
from sqlalchemy import create_engine, text


@pytest.mark.parametrize("turn", [1, 2])
def test_each_test_begins_with_an_empty_database(database_url: str, turn: int) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE guests (name TEXT)"))
        connection.execute(text("INSERT INTO guests VALUES (:name)"), {"name": f"Anna {turn}"})
    with engine.connect() as connection:
        names = connection.scalars(text("SELECT name FROM guests")).all()
    engine.dispose()

    assert names == [f"Anna {turn}"]


def test_postgresql_is_the_version_of_the_wheel(postgres_url: str) -> None:
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        version = connection.scalar(text("SHOW server_version"))
    engine.dispose()

    assert str(version).startswith("18.")
