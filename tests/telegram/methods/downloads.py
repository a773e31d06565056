"""Methods that lead to files."""

from __future__ import annotations

from tests.telegram.bots import Bot
from tests.telegram.files import DOWNLOAD_LIMIT
from tests.telegram.givens import Given
from tests.telegram.records import Records
from tests.telegram.refusals import Json, bad_request


def get_file(records: Records, _bot: Bot, given: Given) -> Json:
    """Tell where a file can be read."""
    file = records.files.by_id(given.text("file_id"))
    if file.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.as_json() | {"file_path": file.path}
