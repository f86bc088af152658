"""The files by which a folder becomes a content repository."""

from pathlib import Path

from perfdoc import disk


def name_fault(folder: Path) -> str | None:
    """Say why a folder cannot be made under its name; None where it can, or is there already."""
    return None if folder.exists() else disk.name_fault(folder.name)


FILES = {
    "tasks.py": '''"""invoke build 与 perfdoc build 相同。"""
from perfdoc.cli.tasks import namespace  # noqa: F401
''',
    "content/.gitkeep": "",
    ".gitignore": """/build/
__pycache__/
.perfdoc-*.tmp
~$*
.~*
.~lock.*#
""",
    ".gitattributes": """* text=auto eol=lf
*.docx -text -merge diff=perfdoc-docx
content/**/assessment.yaml diff=perfdoc
content/**/*.md diff=perfdoc-text
""",
    ".editorconfig": """root = true

[*]
charset = utf-8
end_of_line = lf
insert_final_newline = true

[*.{yaml,yml}]
indent_style = space
indent_size = 2
""",
    ".vscode/settings.json": """{
  "files.encoding": "utf8",
  "files.eol": "\\n",
  "[yaml]": {"editor.insertSpaces": true, "editor.tabSize": 2, "editor.wordWrap": "on"}
}
""",
    ".vscode/extensions.json": """{
  "recommendations": ["redhat.vscode-yaml", "EditorConfig.EditorConfig"]
}
""",
    "说明.md": """# 绩效自评

在这个文件夹里打开命令行：

1. `perfdoc forms` 列出表式。
2. `perfdoc new 某局/2026 --form 项目支出绩效自评表` 新写一份；加上 `--sample` 是一份填好的样例。
3. 用记事本或别的编辑器填 `content/某局/2026/assessment.yaml`。
4. `perfdoc check` 检查，`perfdoc build` 生成 Word 文件，放在 `build` 里。
5. 下一年：`perfdoc new-year 2027`。

`content` 是填的内容，`templates` 是用到的表式，`build` 随时可以重新生成。
表式放进 `templates` 以后，升级 perfdoc 不会改变它；`perfdoc forms --update` 看新版有什么不同。
""",
}
"""What each file holds, by its path."""
