"""Real repositories of git, made small."""

import os
import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = {
    "GIT_AUTHOR_NAME": "clerk",
    "GIT_AUTHOR_EMAIL": "clerk@example.invalid",
    "GIT_COMMITTER_NAME": "clerk",
    "GIT_COMMITTER_EMAIL": "clerk@example.invalid",
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
}


def git(folder: Path, *arguments: str, given: bytes = b"", **environment: str) -> bytes:
    done = subprocess.run(
        ["git", "--no-pager", *arguments],
        cwd=folder,
        env={**os.environ, **OWN, **environment},
        input=given,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode("utf-8", "replace")
    return done.stdout


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD").decode().strip()


def content_repository(folder: Path) -> Path:
    """Lay out content and templates under git, with one commit."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(ROOT / "content" / "2020", folder / "content" / "2020")
    shutil.copytree(ROOT / "templates" / "hubei-department", folder / "templates" / "hubei-department")
    shutil.copy(ROOT / ".gitattributes", folder)
    git(folder, "init", "-q")
    commit(folder, "2020")
    return folder


def change(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert words.count(old) == 1, old
    path.write_text(words.replace(old, new), encoding="utf-8", newline="\n")
