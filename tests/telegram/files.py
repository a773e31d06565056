"""Files on the servers: what people and bots have sent, under names that say nothing."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from random import Random

from PIL import Image, UnidentifiedImageError

from tests.telegram.refusals import Json, bad_request

DOWNLOAD_LIMIT = 20 * 1024 * 1024
PHOTO_SIDES = (90, 320, 800, 1280)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-"


@dataclass(frozen=True)
class File:
    """A file; `size` may be more than there is of it, so that a test can send a large one."""

    id: str
    unique_id: str
    path: str
    content: bytes
    size: int
    name: str = ""
    media_type: str = ""

    def as_json(self) -> Json:
        """Give what stands in every kind of file."""
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": self.size}


class Files:
    """Everything that was ever uploaded."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._by_id: dict[str, File] = {}
        self._by_path: dict[str, File] = {}

    def add(self, folder: str, content: bytes, name: str = "", media_type: str = "") -> File:
        """Keep a file."""
        return self.add_large(folder, content, name, media_type, len(content))

    def add_large(self, folder: str, content: bytes, name: str, media_type: str, size: int) -> File:
        """Keep a file that says it has this size."""
        ending = name.rpartition(".")[2] if "." in name else "jpg" if folder == "photos" else "bin"
        path = f"{folder}/file_{len(self._by_path)}.{ending}"
        file = File(self._letters(72), self._letters(16), path, content, size, name, media_type)
        self._by_id[file.id] = self._by_path[path] = file
        return file

    def photo(self, content: bytes) -> list[Json]:
        """Keep a photo as Telegram does: as JPEG, in several sizes, without its metadata."""
        sizes = []
        for width, height, body in _scaled(content):
            file = self.add("photos", body, "", "image/jpeg")
            sizes.append(file.as_json() | {"width": width, "height": height})
        return sizes

    def by_id(self, file_id: str) -> File:
        """Find a file, or refuse."""
        if not file_id:
            raise bad_request("file_id not specified")
        if file_id not in self._by_id:
            raise bad_request("invalid file_id")
        return self._by_id[file_id]

    def by_path(self, path: str) -> File | None:
        """Find the file that getFile has given this path for."""
        return self._by_path.get(path)

    def _letters(self, count: int) -> str:
        return "".join(self._random.choices(_LETTERS, k=count))


def _scaled(content: bytes) -> list[tuple[int, int, bytes]]:
    try:
        image = Image.open(BytesIO(content)).convert("RGB")
    except (UnidentifiedImageError, OSError):
        raise bad_request("IMAGE_PROCESS_FAILED") from None
    sides = [side for side in PHOTO_SIDES if side < max(image.size)] or [max(image.size)]
    if max(image.size) <= PHOTO_SIDES[-1] and sides[-1] != max(image.size):
        sides.append(max(image.size))
    scaled = []
    for side in sides:
        small, body = image.copy(), BytesIO()
        small.thumbnail((side, side))
        small.save(body, "JPEG")
        scaled.append((*small.size, body.getvalue()))
    return scaled
