"""Set-up: what the Makefile installs is what the lists say, on any day and with any pip."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile, ZipInfo

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
PATIENCE_SECONDS = 300

PIPS = {
    "that of this Python": None,
    "that of Python 3.11.0": (
        "22.3",
        "1daab4b8d3b97d1d763caeb01a4640a2250a0ea899e257b1e44b9eded91e15ab",
    ),
    "a new one": (
        "26.3",
        "f3b60b20ffaadd4415ed7957212a38ac63fa4c5fa375bd0f4a797777940fad13",
    ),
}
"""What may come with a Python, as version and SHA-256 of the wheel."""

PACKAGES = {
    "alpha": ("1.0", ["beta[extra]>=1.0"]),
    "beta": ("1.0", []),
    "gamma": ("1.0", ["alpha"]),
}
"""Packages of a registry of our own: what the lists pin, and what each of them requires."""

BACKEND = """
from zipfile import ZipFile

ABOUT = {
    "METADATA": "Metadata-Version: 2.1\\nName: project\\nVersion: 1.0\\n",
    "WHEEL": "Wheel-Version: 1.0\\nTag: py3-none-any\\n",
    "RECORD": "",
}

def build_editable(directory, config_settings=None, metadata_directory=None):
    name = "project-1.0-py3-none-any.whl"
    with ZipFile(f"{directory}/{name}", "w") as wheel:
        for file, text in ABOUT.items():
            wheel.writestr(f"project-1.0.dist-info/{file}", text)
    return name
"""


@pytest.fixture
def registry(tmp_path: Path) -> Path:
    """Fill a folder with what is pinned, and with a newer release of each."""
    folder = tmp_path / "registry"
    folder.mkdir()
    for name, (version, requires) in PACKAGES.items():
        _wheel(folder, name, version, requires)
        _wheel(folder, name, "2.0", requires)
    return folder


@pytest.fixture
def project(tmp_path: Path, registry: Path) -> Path:
    """Lay out a project with our Makefile, and with lists for the registry of our own."""
    folder = tmp_path / "project"
    folder.mkdir()
    shutil.copy(ROOT / "Makefile", folder)
    (folder / "backend.py").write_text(BACKEND)
    (folder / "hatch_build.py").touch()
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    _uv(registry, folder, works=True)
    _list(folder / "requirements.txt", registry, "alpha", "beta")
    _list(folder / "requirements-dev.txt", registry, "alpha", "beta", "gamma")
    return folder


def test_a_newer_release_in_the_registry_changes_nothing(project: Path, registry: Path) -> None:
    done = _make("setup", project, registry)

    assert done.returncode == 0, done.stderr
    assert "uv did not succeed" not in done.stderr
    assert _installed(project) >= {("alpha", "1.0"), ("beta", "1.0"), ("gamma", "1.0")}


@pytest.mark.parametrize("pip", PIPS)
def test_nor_does_it_where_pip_has_to_go_whichever_it_is(
    project: Path, registry: Path, pip: str
) -> None:
    _bring_pip(project, pip)
    _uv(registry, project, works=False)

    done = _make("setup", project, registry)

    assert done.returncode == 0, done.stderr
    assert "uv did not succeed" in done.stderr
    assert _installed(project) >= {("alpha", "1.0"), ("beta", "1.0"), ("gamma", "1.0")}


def test_a_conversation_needs_no_tools_and_nothing_that_is_missing(
    project: Path, registry: Path
) -> None:
    _list(project / "requirements.txt", registry, "alpha")
    incomplete = _make(".venv/.ready", project, registry)
    _list(project / "requirements.txt", registry, "alpha", "beta")

    complete = _make(".venv/.ready", project, registry)

    assert incomplete.returncode != 0
    assert "beta" in incomplete.stderr
    assert complete.returncode == 0, complete.stderr
    assert _installed(project) >= {("alpha", "1.0"), ("beta", "1.0")}
    assert "gamma" not in dict(_installed(project))


def _wheel(folder: Path, name: str, version: str, requires: list[str]) -> Path:
    file = folder / f"{name}-{version}-py3-none-any.whl"
    about = f"{name}-{version}.dist-info"
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {name}",
        f"Version: {version}",
        "Provides-Extra: extra",
    ]
    lines += [f"Requires-Dist: {required}" for required in requires]
    kind = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    with ZipFile(file, "w") as wheel:
        wheel.writestr(f"{name}.py", "")
        wheel.writestr(f"{about}/METADATA", "\n".join(lines) + "\n")
        wheel.writestr(f"{about}/WHEEL", kind)
        wheel.writestr(f"{about}/RECORD", "")
    return file


def _uv(registry: Path, project: Path, *, works: bool) -> None:
    """Put a `uv` into the registry: the one that we have, or one that never reaches anything."""
    real = Path(sys.executable).with_name("uv")
    script = f'#!/bin/sh\nexec "{real}" "$@"\n' if works else "#!/bin/sh\nexit 2\n"
    entry = ZipInfo("uv-1.0.data/scripts/uv")
    entry.external_attr = 0o100755 << 16  # a regular file that may be started
    with ZipFile(_wheel(registry, "uv", "1.0", []), "a") as wheel:
        wheel.writestr(entry, script)
    _list(project / "requirements-setup.txt", registry, "uv")


def _list(file: Path, registry: Path, *names: str) -> None:
    lines = []
    for name in names:
        wheel = (registry / f"{name}-1.0-py3-none-any.whl").read_bytes()
        lines.append(f"{name}==1.0 --hash=sha256:{hashlib.sha256(wheel).hexdigest()}\n")
    file.write_text("".join(lines))


def _bring_pip(project: Path, which: str) -> None:
    """Let the environment come with another pip than that of the Python which runs the tests."""
    wanted = PIPS[which]
    if wanted is None:
        return
    version, sha256 = wanted
    subprocess.run([sys.executable, "-m", "venv", project / ".venv"], check=True)
    pip = [str(project / ".venv/bin/python"), "-m", "pip", "--quiet", "--disable-pip-version-check"]
    listed = project / "pip.txt"
    listed.write_text(f"pip=={version} --hash=sha256:{sha256}\n")
    subprocess.run([*pip, "install", "--no-deps", "--require-hashes", "-r", listed], check=True)


def _make(target: str, project: Path, registry: Path) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "UV_"))
    }
    settings = {
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_FIND_LINKS": str(registry),
        "PIP_NO_INDEX": "1",
        "UV_FIND_LINKS": str(registry),
        "UV_NO_INDEX": "1",
    }
    return subprocess.run(
        ["/usr/bin/env", "make", target, f"PYTHON={sys.executable}"],
        cwd=project,
        env=kept | settings,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _installed(project: Path) -> set[tuple[str, str]]:
    told = subprocess.run(
        [project / ".venv/bin/python", "-m", "pip", "list", "--format=json"],
        capture_output=True,
        check=True,
    )
    return {(each["name"], each["version"]) for each in json.loads(told.stdout)}
