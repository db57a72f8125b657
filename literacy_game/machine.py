"""What the tests find on the machine: a PostgreSQL server, a Chromium, the Nu checker of HTML."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

DATABASE = ("exercises/test_loading.py", "exercises/test_versions.py", "classroom", "play", "literacy_game")
"""Tests that use the database, run on PostgreSQL as well."""
LOCAL_POSTGRESQL = ("postgres://postgres@127.0.0.1:5432/postgres", "postgres:///postgres")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
MAC_CHROME = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


TOOLS = Path(__file__).resolve().parent.parent / "var" / "tools"
NU = "vnu-jar@26.9.27"
"""The Nu checker, as npm has it. It needs Java 17 or later."""


def script(name: str) -> str:
    """A command that a package put beside the running Python."""
    folder = Path(sys.executable).parent
    return str(next((path for path in (folder / name, folder / f"{name}.exe") if path.exists()), name))


def postgresql_url() -> str | None:
    """A server that answers: DATABASE_URL_TEST, else the local default."""
    import psycopg

    given = os.environ.get("DATABASE_URL_TEST")
    for url in (given,) if given else LOCAL_POSTGRESQL:
        try:
            with psycopg.connect(url, connect_timeout=3):
                return url
        except psycopg.Error:
            continue
    return None


def chromium() -> str | None:
    """A Chromium on the machine, else one installed with apt-get (as root), else playwright's own."""
    return _found() or _from_apt() or _from_playwright()


def _found() -> str | None:
    given = os.environ.get("CHROMIUM")
    names = [given] if given else [*BROWSERS, MAC_CHROME]
    return next((path for name in names if (path := shutil.which(name))), None)


def _from_apt() -> str | None:
    if not shutil.which("apt-get") or os.name != "posix" or os.geteuid() != 0:
        return None
    print("Installing Chromium with apt-get …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "chromium"]):
        if subprocess.run(command, env=environment, stdout=subprocess.DEVNULL).returncode:
            return None
    return _found()


def _from_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    if subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"]).returncode:
        return None
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def nu_checker() -> list[str] | None:
    """The command that checks HTML: VNU_JAR, else npm's package, kept in var/tools/. None without Java or the jar."""
    java = shutil.which("java")
    jar = Path(os.environ.get("VNU_JAR") or TOOLS / "package" / "build" / "dist" / "vnu.jar")
    if java is None or not (jar.exists() or _fetched_nu(jar)):
        return None
    return [java, "-jar", str(jar)]


def _fetched_nu(jar: Path) -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    TOOLS.mkdir(parents=True, exist_ok=True)
    if subprocess.run([npm, "pack", "--silent", NU], cwd=TOOLS, stdout=subprocess.DEVNULL).returncode:
        return False
    for archive in TOOLS.glob("vnu-jar-*.tgz"):
        with tarfile.open(archive) as packed:
            packed.extractall(TOOLS, filter="data")
        archive.unlink()
    return jar.exists()
