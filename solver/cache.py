"""Where meshes and compiled forms are kept between runs."""

import getpass
import hashlib
import os
import platform
import stat
import sys
import tempfile
import warnings
from functools import cache
from pathlib import Path


def cache_root() -> Path:
    """The cache folder, made if it is missing.

    `LITHOSTAT_CACHE` if set, else `lithostat` in the XDG cache folder; a folder of its own inside where that
    belongs to another user, whose compiled code is not to be run. Where it cannot be written (a read-only
    home, a full quota), a folder of this user below the system's temporary folder is used instead, with a
    warning.

    Returns:
        A folder that can be written.
    """
    root = wanted_root()
    try:
        shared = root.stat().st_uid != os.getuid()
    except OSError:
        shared = False
    return _writable(root / f"user-{os.getuid()}" if shared else root)


def wanted_root() -> Path:
    """The folder that `cache_root` tries first; nothing is made."""
    chosen = os.environ.get("LITHOSTAT_CACHE")
    if chosen:
        return Path(chosen).expanduser().absolute()
    xdg = os.environ.get("XDG_CACHE_HOME", "")
    # The XDG rules: a relative path there is to be ignored.
    if xdg and Path(xdg).is_absolute():
        return Path(xdg) / "lithostat"
    try:
        return Path.home() / ".cache" / "lithostat"
    except RuntimeError:  # no home at all, as for some service users
        return _temporary()


def mesh_cache() -> Path:
    """Folder of finished meshes."""
    return cache_root() / "meshes"


def form_cache() -> Path:
    """Folder of compiled forms, one for each kind of processor: native code of one crashes on another."""
    folder = cache_root() / "forms" / processor_key()
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@cache
def processor_key() -> str:
    """Short hash of the processor's architecture, model and instruction sets."""
    told = [platform.machine()]
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith(("model name", "flags", "Features", "CPU part")):
                told.append(line)
            elif not line.strip() and len(told) > 1:
                break  # the first core speaks for all
    except OSError:
        told.append(platform.processor())
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:12]


@cache
def _writable(folder: Path) -> Path:
    if _try_to_write(folder):
        return folder
    instead = _temporary()
    if not _try_to_write(instead, private=True):
        instead = Path(tempfile.mkdtemp(prefix="lithostat-"))
    warnings.warn(
        f"cache folder {folder} cannot be written; using {instead} (set LITHOSTAT_CACHE to choose another)",
        stacklevel=3,
    )
    return instead


def _temporary() -> Path:
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = str(os.getuid())
    return Path(tempfile.gettempdir()) / f"lithostat-{user}"


def _try_to_write(folder: Path, private: bool = False) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700 if private else 0o777)
        if private:
            # Compiled code is loaded from here: a folder that others could fill is not used.
            found = folder.lstat()
            others = stat.S_IWGRP | stat.S_IWOTH
            if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & others:
                return False
        with tempfile.TemporaryFile(dir=folder):
            return True
    except OSError:
        return False


def show_warnings_plainly() -> None:
    """Print warnings as one line on standard error, without the line of source they come from."""

    def show(message: Warning | str, category: type[Warning], *_: object, **__: object) -> None:
        print(f"warning: {message}", file=sys.stderr)

    warnings.showwarning = show
