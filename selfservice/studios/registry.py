"""The studios of this process, read once."""

from functools import cache
from pathlib import Path

from django.conf import settings

from .loading import load_studios
from .studio import Studio


def all_studios() -> dict[str, Studio]:
    """Return every studio by slug; raise StudiosFileError when the file is wrong."""
    return _load(Path(settings.STUDIOS_FILE))


def find_studio(slug: str) -> Studio | None:
    """Return the studio of that slug, if there is one."""
    return all_studios().get(slug)


@cache
def _load(path: Path) -> dict[str, Studio]:
    return load_studios(path)
