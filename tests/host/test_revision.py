"""A side of a comparison from real repositories: what is laid out, what is refused, and that nothing is run."""

import os
import shutil
import sys
from pathlib import Path

import pytest
from repositories import change, commit, content_repository, git

from perfdoc.host.git import revision
from perfdoc.host.pipeline import Run

A = "content/2020/assessment.yaml"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A content repository of two commits; the first is tagged v1, and the working copy is changed again."""
    root = content_repository(tmp_path / "资料 库")
    git(root, "tag", "v1")
    change(root / A, "实际完成值: 74个", "实际完成值: 75个")
    commit(root, "fix: 75")
    change(root / A, "实际完成值: 75个", "实际完成值: 76个")
    return root


def actual(side: revision.Side) -> str:
    assessment = Run(side.root).judge(side.name).opened.assessment
    assert assessment is not None
    value = assessment.indicators()[0].actual
    assert value is not None
    return value.text


SIDES = [
    ("2020", "76个", "2020"),
    ("content/2020", "76个", "2020"),
    ("./content/2020/assessment.yaml", "76个", "2020"),
    ("content\\2020\\", "76个", "2020"),
    ("HEAD:2020", "75个", "HEAD:2020"),
    ("HEAD~1:2020", "74个", "HEAD~1:2020"),
    ("v1:content/2020", "74个", "v1:2020"),
    ("HEAD:content/2020/assessment.yaml", "75个", "HEAD:2020"),
    ("HEAD^{/fix: 75}:2020", "75个", "HEAD^{/fix: 75}:2020"),
]


@pytest.mark.parametrize(("wanted", "value", "shown"), SIDES)
def test_a_side_is_the_working_copy_or_what_a_revision_holds(
    root: Path, wanted: str, value: str, shown: str
) -> None:
    with revision.opened(root, wanted) as side:
        assert (actual(side), side.name, side.shown) == (value, "2020", shown)
        laid_out = side.root
    assert laid_out.exists() is (laid_out == root)


def test_a_side_builds_like_the_working_copy_did(root: Path) -> None:
    git(root, "checkout", "-q", "-f", "HEAD")
    with revision.opened(root, "HEAD:2020") as side:
        then = Run(side.root).build(side.name)
        now = Run(root).build("2020")
        assert [str(d) for d in then.diagnostics] == [str(d) for d in now.diagnostics]
        assert sorted(then.files.values()) == sorted(now.files.values())


def test_a_whole_path_is_a_place_and_no_revision(root: Path) -> None:
    with revision.opened(root, str(root / A)) as side:
        assert (side.root, side.name) == (root, "2020")
    for drive in ("C:\\资料\\content\\2020", "d:/content/2020"):
        with pytest.raises(revision.NoSide, match="content 下没有找到"), revision.opened(root, drive):
            pass


def test_a_content_repository_may_lie_below_the_top_of_gits(tmp_path: Path) -> None:
    top = tmp_path / "top"
    inner = content_repository(top / "绩效")
    shutil.rmtree(inner / ".git")
    (top / "content").mkdir()
    (top / "content" / "other.txt").write_text("not ours", encoding="utf-8")
    git(top, "init", "-q")
    commit(top, "all")
    for wanted in ("HEAD:2020", "HEAD:绩效/content/2020"):
        with revision.opened(inner, wanted) as side:
            assert actual(side) == "74个"
            assert not (side.root / "content" / "other.txt").exists()


REFUSED = [
    ("1999", "content 下没有找到「1999」这份自评。现有：2020。"),
    ("HEAD:1999", "版本「HEAD」里没有找到「1999」这份自评。现有：2020。"),
    ("HEAD:../2020", "没有找到「../2020」"),
    ("nowhere:2020", "git 里没有「nowhere」这个版本"),
    ("--help:2020", "git 里没有「--help」这个版本"),
    ("HEAD~9:2020", "git 里没有「HEAD~9」这个版本"),
    (":2020", "冒号前面要写版本，例如 HEAD:2020。"),
    ("HEAD:", "没有找到「」这份自评"),
]


@pytest.mark.parametrize(("wanted", "sentence"), REFUSED)
def test_what_is_not_there_is_said_in_a_sentence(root: Path, wanted: str, sentence: str) -> None:
    with pytest.raises(revision.NoSide) as refused, revision.opened(root, wanted):
        pass
    assert sentence in str(refused.value)
    str(refused.value).encode("gbk")


def test_without_git_or_a_repository_of_it_a_revision_is_refused_and_a_name_is_not(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = tmp_path / "plain"
    shutil.copytree(root, plain, ignore=lambda *_: [".git"])
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    with pytest.raises(revision.NoSide, match="这里不是 git 仓库"), revision.opened(plain, "HEAD:2020"):
        pass
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(revision.NoSide, match="没有找到 git"), revision.opened(root, "HEAD:2020"):
        pass
    with revision.opened(root, "2020") as side:
        assert actual(side) == "76个"


def test_a_revision_without_templates_is_refused(root: Path) -> None:
    git(root, "rm", "-r", "-q", "--cached", "templates")
    git(root, "commit", "-q", "-m", "no templates")
    with pytest.raises(revision.NoSide, match="里没有 templates 文件夹"), revision.opened(root, "HEAD:2020"):
        pass


def tree_with(root: Path, mode: str, path: str, data: bytes) -> str:
    """Commit an entry as no checkout would write it."""
    blob = git(root, "hash-object", "-w", "--stdin", given=data).decode().strip()
    git(root, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
    git(root, "commit", "-q", "-m", path)
    return "HEAD"


def test_a_link_is_refused(root: Path) -> None:
    tree_with(root, "120000", "content/2020/deviation.md", b"/etc/passwd")
    with pytest.raises(revision.NoSide) as refused, revision.opened(root, "HEAD:2020"):
        pass
    assert "「content/2020/deviation.md」在那个版本里是链接，不读取。" in str(refused.value)


def test_a_submodule_is_refused(root: Path) -> None:
    head = git(root, "rev-parse", "HEAD").decode().strip()
    git(root, "update-index", "--add", "--cacheinfo", f"160000,{head},content/别处")
    git(root, "commit", "-q", "-m", "submodule")
    with pytest.raises(revision.NoSide, match="子模块"), revision.opened(root, "HEAD:2020"):
        pass


def test_no_path_of_a_hostile_tree_leads_out_of_the_folder(root: Path, tmp_path: Path) -> None:
    blob = git(root, "hash-object", "-w", "--stdin", given=b"stolen").decode().strip()
    step = git(root, "mktree", given=f"100644 blob {blob}\tstolen\n".encode()).decode().strip()
    for _ in range(12):  # content/../../… as far up as any folder of the machine lies deep
        step = git(root, "mktree", given=f"040000 tree {step}\t..\n".encode()).decode().strip()
    kept = git(root, "ls-tree", "HEAD", "templates").decode()
    year = git(root, "ls-tree", "HEAD:content", "2020").decode()
    content = git(root, "mktree", given=f"{year}040000 tree {step}\t..\n".encode()).decode().strip()
    top = git(root, "mktree", given=f"{kept}040000 tree {content}\tcontent\n".encode()).decode().strip()
    with revision.opened(root, f"{top}:2020") as side:
        assert actual(side) == "75个"
        assert not list(side.root.rglob("stolen"))
        assert not (side.root.parent / "stolen").exists()
    assert not list(tmp_path.rglob("stolen"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_odd_names_do_no_harm(root: Path) -> None:
    for name in ("a\nb.md", "-rf", "$(touch pwned)", '"引号".md', "空 格.md", "*.md", ":(top)x", b"\xff.md"):
        path = (
            os.fsencode(root / "content" / "2020")
            + b"/"
            + (name if isinstance(name, bytes) else name.encode())
        )
        Path(os.fsdecode(path)).write_bytes(b"x")
    commit(root, "odd")
    with revision.opened(root, "HEAD:2020") as side:
        assert (side.root / "content/2020/空 格.md").read_bytes() == b"x"
        assert actual(side) == "76个"
    assert not list(root.rglob("pwned"))


def test_no_filter_and_no_hook_of_the_repository_runs(root: Path, tmp_path: Path) -> None:
    mark = tmp_path / "ran"
    for key in ("filter.x.smudge", "filter.x.clean", "core.fsmonitor", "diff.x.textconv", "core.sshCommand"):
        git(root, "config", key, f"touch {mark.as_posix()}; cat")
    (root / ".git" / "info" / "attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    hooks = root / ".git" / "hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-checkout", "post-index-change", "reference-transaction"):
        (hooks / hook).write_text(f"#!/bin/sh\ntouch {mark.as_posix()}\n", encoding="utf-8")
        (hooks / hook).chmod(0o755)
    with revision.opened(root, "HEAD:2020") as side:
        assert actual(side) == "75个"
    assert not mark.exists()


def test_what_is_too_large_to_be_read_is_left_out(root: Path) -> None:
    (root / "content" / "2020" / "扫描件.pdf").write_bytes(b"\0" * (21 * 1024 * 1024))
    commit(root, "scan")
    with revision.opened(root, "HEAD:2020") as side:
        assert not (side.root / "content" / "2020" / "扫描件.pdf").exists()
        assert actual(side) == "76个"
