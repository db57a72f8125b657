"""The zip of a package: which files it may hold and how large they may be. Nothing is ever unpacked to a disk."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping

from django.utils.translation import gettext as _

from exercises.content.schema import BadContent

MANIFEST, TEXT, SOURCE, PASSAGES, LABELLINGS = "manifest.toml", "text.txt", "source.toml", "passages.toml", "labellings"
REQUIRED = (MANIFEST, TEXT, SOURCE, PASSAGES)
LARGEST_PACKAGE = 2_000_000
"""Bytes."""
LARGEST = {MANIFEST: 20_000, TEXT: 200_000, SOURCE: 100_000, PASSAGES: 1_000_000, LABELLINGS: 200_000}
"""Bytes of a file, unpacked."""
MOST_LABELLINGS = 20
MOST_ENTRIES = 32
"""Files and folders in the zip."""
LONGEST_SLUG = 80
SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
LABELLING = re.compile(r"labellings/[a-z0-9][a-z0-9-]{0,60}\.json")
NEVER_CHANGED = (1980, 1, 1, 0, 0, 0)
"""The time of every file, so that equal content makes equal bytes."""


def pack(slug: str, files: Mapping[str, bytes]) -> bytes:
    """A zip of the files in a folder of that name."""
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, raw in files.items():
            entry = zipfile.ZipInfo(f"{slug}/{path}", NEVER_CHANGED)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, (stat.S_IFREG | 0o644) << 16
            archive.writestr(entry, raw)
    return zipped.getvalue()


def unpack(data: bytes) -> tuple[str, dict[str, bytes]]:
    """The name of the folder and its files by their paths in it. Raises BadContent."""
    if len(data) > LARGEST_PACKAGE:
        raise BadContent([_("The file is larger than %(size)d kB. No package is.") % {"size": LARGEST_PACKAGE // 1000}])
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _read(archive)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, OSError, RuntimeError):
        raise BadContent([_("This is no zip file, or it was damaged on the way.")]) from None


def _read(archive: zipfile.ZipFile) -> tuple[str, dict[str, bytes]]:
    entries = archive.infolist()
    if len(entries) > MOST_ENTRIES:
        words = _("The zip holds %(count)d files. A package holds at most %(most)d.")
        raise BadContent([words % {"count": len(entries), "most": MOST_ENTRIES}])
    slug = entries[0].orig_filename.partition("/")[0] if entries else ""
    problems = list(_problems(slug, entries))
    if problems:
        raise BadContent(problems)
    files: dict[str, bytes] = {}
    for entry in entries:
        if not entry.is_dir():
            path = entry.orig_filename.partition("/")[2]
            files[path] = _bytes(archive, entry, _largest(path))
    return slug, files


def _problems(slug: str, entries: list[zipfile.ZipInfo]) -> Iterator[str]:
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        words = _("%(name)s: the folder of the text should have a name of small letters, digits and hyphens")
        yield words % {"name": repr(slug[:80])}
        return
    seen: set[str] = set()
    for entry in entries:
        name = entry.orig_filename
        if reason := _reason(slug, entry):
            yield f"{name[:120]!r}: {reason}"
        elif name.casefold() in seen:
            yield f"{name[:120]!r}: {_('stands twice')}"
        seen.add(name.casefold())
    for path in REQUIRED:
        if f"{slug}/{path}" not in seen:
            yield f"{slug}/{path}: {_('the file is missing')}"
    if sum(f"/{LABELLINGS}/" in name for name in seen) > MOST_LABELLINGS + 1:
        yield f"{slug}/{LABELLINGS}: {_('more than %(most)d files') % {'most': MOST_LABELLINGS}}"


def _reason(slug: str, entry: zipfile.ZipInfo) -> str:
    """Why an entry is refused, or nothing. The name is the one in the file, before Python mends it."""
    name = entry.orig_filename
    folder, _slash, path = name.partition("/")
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
        return _("the path leads out of the package")
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        return _("is a link or a device, no file")
    if folder != slug:
        return _("is not in the folder %(slug)s") % {"slug": slug}
    if entry.is_dir():
        known = path in ("", f"{LABELLINGS}/") and not entry.file_size
        return "" if known else _("is no folder of a package")
    if path not in REQUIRED and not LABELLING.fullmatch(path):
        return _("is no file of a package")
    if entry.flag_bits & 0x1:
        return _("is encrypted")
    if entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        return _("is compressed in a way that packages do not use")
    if entry.file_size > _largest(path):
        return _("is larger than %(size)d kB") % {"size": _largest(path) // 1000}
    return ""


def _largest(path: str) -> int:
    return LARGEST[path.partition("/")[0]]


def _bytes(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, largest: int) -> bytes:
    """What is in an entry, never more than `largest`, whatever the zip says about its size."""
    with archive.open(entry) as file:
        raw = file.read(largest + 1)
    if len(raw) > largest or len(raw) != entry.file_size:
        raise BadContent([f"{entry.orig_filename}: {_('is not as large as the zip says')}"])
    return raw
