"""What each code means that a file earns before there is anything to check.

They are found in many places (`perfdoc.load`, `perfdoc.forms`, `perfdoc.word` …), so what is to be said of each
stands here once, as a check says it in its docstring. A code that a check shares (P003, P102, P104) is about the
same fault: here as it looks in the file, there as it looks in the form.
"""

from dataclasses import dataclass

from perfdoc.checks.registry import About


@dataclass(frozen=True, slots=True)
class LoadCode:
    """A fault of a file.

    Attributes:
        about: What is said of it.
        severity: Its 级别, in Chinese: the word of a message, or how the 状态 decides it.
    """

    about: About
    severity: str = "错误"


_OWN = "本程序的写法"

LOAD_CODES = {
    "P001": LoadCode(
        About(
            "A file that is not UTF-8 text: GBK, UTF-16, a Word file.",
            "文件不是 UTF-8 编码的文本",
            "别的编码读出来是乱码，会印进正式文件。",
            "中文 Windows 的记事本常存成 ANSI（GBK）编码",
        )
    ),
    "P002": LoadCode(
        About(
            "A tab where blanks are due.",
            "用了制表符（Tab）",
            "各处显示的宽度不同，缩进看上去对，读出来却错。",
            "YAML 的规定",
        )
    ),
    "P003": LoadCode(
        About(
            "A full-width colon, comma, bracket or blank in the notation.",
            "用了全角的冒号、逗号、括号或空格",
            "全角符号会被当作文字，名称和值就分不开。",
            "中文输入最常见的疏忽",
        )
    ),
    "P004": LoadCode(
        About(
            "A value that begins with a sign which YAML keeps for itself: `>90`.",
            "值以特殊符号开头",
            "以 > @ % 等符号开头的值会被当作排版符号，数就丢了。",
            "YAML 的规定",
        )
    ),
    "P005": LoadCode(
        About(
            "A character that Word cannot hold, or that cannot be seen.",
            "有 Word 不能用或看不见的字符",
            "这样的字符会使文档打不开，或印成空白。",
            "Word 文件格式（XML 1.0）",
        )
    ),
    "P006": LoadCode(
        About(
            "Notation that cannot be read: a missing blank, an unpaired quote or bracket, a wrong indent.",
            "写法读不懂：空格、引号、括号或缩进",
            "猜着读会把数放错地方。",
            "YAML 的规定",
        )
    ),
    "P007": LoadCode(
        About(
            "An anchor, an alias or a tag: `&`, `*`, `!`.",
            "用了引用或标签的写法",
            "内容写在别处，看这一行的人不知道是什么。",
            _OWN,
        )
    ),
    "P008": LoadCode(
        About(
            "A file that is too large or nested too deep.",
            "文件太大或层次太深",
            "一份自评不会这样大，多半放错了文件。",
            _OWN,
        )
    ),
    "P009": LoadCode(
        About(
            "A file that is empty or is no list of names and values.",
            "文件是空的，或不是“名称: 值”的形式",
            "没有名称就不知道是哪一栏。",
            _OWN,
        )
    ),
    "P101": LoadCode(
        About(
            "A name that the form does not know.",
            "不认识的名称",
            "名称写错一个字，那一栏就成了空白。",
            "表本身的栏目；templates 下的 schema",
        )
    ),
    "P102": LoadCode(
        About(
            "A part or a name that the form needs and the file lacks.",
            "缺少必须写的名称或内容",
            "有空白的表会被退回。",
            "表本身，每一格都要填",
        ),
        "错误；表头的栏目和数随状态：填报中提示，定稿错误，已报送警告",
    ),
    "P103": LoadCode(
        About(
            "One name written twice.",
            "同一个名称写了两次",
            "两个值只能留一个，猜错了看不出来。",
            "YAML 的规定",
        )
    ),
    "P104": LoadCode(
        About(
            "A value of the wrong kind: words for a number, a date that is none, a box that is not offered.",
            "填的值不合要求",
            "不是数就不能算，不在可选项里就打不了勾。",
            "表本身的栏目",
        )
    ),
    "P202": LoadCode(
        About(
            "A form, a template, a narrative or a file that is missing or cannot be read.",
            "没有找到文件或表式，或读不了",
            "少了它就不能计分或生成。",
            "本程序的文件夹安排",
        )
    ),
    "P205": LoadCode(
        About(
            "A year for which the form is not valid.",
            "表式不适用于这个年度",
            "各年的表和规则可能不同，用错了要重做。",
            "表式 form.yaml 的“首个年度”“末个年度”",
        ),
        "警告",
    ),
    "P206": LoadCode(
        About(
            "A title that cannot be the name of a file.",
            "标题不能做文件名",
            "有的系统打不开这样的文件，或会写到别的文件夹里。",
            "Windows 的文件名规定",
        )
    ),
    "P210": LoadCode(
        About(
            "A rulebook that contradicts itself.",
            "规则书 form.yaml 前后矛盾",
            "规则错了，用它的每一份自评都会算错。",
            "form.yaml 自己的各条规则",
        )
    ),
    "P211": LoadCode(
        About(
            "A blank or condition of the Word template that cannot be filled.",
            "Word 模板里的填空写错了",
            "填不出的空会在正式文件里印成空白或乱码。",
            "表式 form.yaml 的“填空”",
        )
    ),
    "P212": LoadCode(
        About(
            "A Word template without a place for something that the form prints.",
            "Word 模板里少了填空",
            "写了的内容没有地方印，报送的文件就不全。",
            "表式 form.yaml 的“填空”",
        )
    ),
    "P213": LoadCode(
        About(
            "A finding that was accepted, and whose facts have changed since.",
            "核定以后情况变了",
            "当时接受的是当时的数，数变了要再看一次。",
            "review.yaml 的“依据”",
        ),
        "警告",
    ),
    "P214": LoadCode(
        About(
            "An acceptance of something that is not found, may not be accepted, or is accepted already.",
            "核定的事查不到、不能核定或核定了两次",
            "留着没有用的核定，以后真有问题时会被它盖住。",
            "review.yaml",
        ),
        "警告",
    ),
    "P215": LoadCode(
        About(
            "A worked case that the rulebook does not reproduce.",
            "算例与规则算出的不同",
            "算例是人按文件算的，不同就说明规则或算例有一个错了。",
            "表式的 cases.yaml",
        )
    ),
    "P901": LoadCode(
        About(
            "A template or a document for which Word would offer a repair.",
            "Word 模板或生成的文档有结构问题",
            "这样的文件打开时会提示修复，内容可能丢失。",
            "Word 文件格式（OOXML）",
        )
    ),
    "P902": LoadCode(
        About(
            "A document in which a value does not stand where it belongs.",
            "生成的文档里少了内容",
            "写了的内容没有印出来，比不生成更坏。",
            "本程序的规定：一个字也不能丢",
        )
    ),
}
"""By code."""
