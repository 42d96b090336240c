"""Putting a finished site in place of the old one, whole or not at all."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.resources import as_file, files
from pathlib import Path

from openlsi.failpoints import reach
from openlsi.report.errors import ReportError

MARKER = ".openlsi-site"
ASSETS = "assets"


def swap_in(pages: dict[str, bytes], out: Path, static: Path) -> None:
    """Write a site beside its place, then rename it into its place."""
    out = out.resolve()
    if out.exists() and not out.is_dir():
        raise ReportError(f"{out} is a file; name a folder")
    if out.is_dir() and any(out.iterdir()) and not (out / MARKER).is_file():
        raise ReportError(f"{out} holds something that is no rendered site; name an empty folder")
    out.parent.mkdir(parents=True, exist_ok=True)
    _remove_leftovers(out)
    prefix = f".{out.name}.building-{os.getpid()}-"
    building = Path(tempfile.mkdtemp(prefix=prefix, dir=out.parent))
    try:
        reach("site.before_write")
        _write(pages, building, static)
        _replace(out, building)
    finally:
        shutil.rmtree(building, ignore_errors=True)


def _remove_leftovers(out: Path) -> None:
    """Remove what renders left that were killed; their process is in the name."""
    for left in out.parent.glob(f".{out.name}.*-*"):
        process = left.name.removeprefix(f".{out.name}.").split("-")[1]
        if process.isdigit() and not Path("/proc", process).exists():
            shutil.rmtree(left, ignore_errors=True)


def _write(pages: dict[str, bytes], folder: Path, static: Path) -> None:
    if static.is_dir():
        shutil.copytree(static, folder, dirs_exist_ok=True, copy_function=shutil.copyfile)
    with as_file(files("openlsi.report").joinpath("static")) as assets:
        shutil.copytree(assets, folder / ASSETS, dirs_exist_ok=True, copy_function=shutil.copyfile)
    for name, data in pages.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            raise ReportError(f"static/{name} would be overwritten by a page; rename it")
        path.write_bytes(data)
        reach("site.page_written")
    (folder / MARKER).write_text("Made by lsi report; replaced as a whole by the next render.\n")
    folder.chmod(0o755)


def _replace(out: Path, building: Path) -> None:
    """Rename twice; in between, the old site stands beside its place and is put back on error."""
    old = out.with_name(f".{out.name}.old-{os.getpid()}")
    if out.exists():
        reach("site.before_first_rename")
        out.rename(old)
    try:
        reach("site.between_renames")
        building.rename(out)
        reach("site.after_rename")
    except OSError:
        if old.exists():
            old.rename(out)
        raise
    shutil.rmtree(old, ignore_errors=True)
