"""What the text and YAML readers say of awkward inputs, with both loaders.

A refused input stands beside its verdicts, one a line: line, column, code, and words of the message.
"""

import json
import random
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from perfdoc.core.diagnostics import Place, in_reading_order
from perfdoc.core.source import Mapping, Node, Scalar, Sequence
from perfdoc.read import parse, text
from perfdoc.read.yaml import nodes

FILE = "content/2021/assessment.yaml"
LOADERS = [pytest.param(yaml.SafeLoader, id="pure")]
if yaml.__with_libyaml__:
    LOADERS.append(pytest.param(yaml.CSafeLoader, id="libyaml"))

REFUSED: list[tuple[str | bytes, str]] = [
    # Encodings
    ("目标: 十次以上\n".encode("gbk"), "1:1 P001 像是 GBK/ANSI 编码：「目标: 十次以上」"),
    ("# 填报说明\n年度: 2020\n".encode("gb18030"), "1:1 P001 GBK/ANSI 编码：「# 填报说明」"),
    ("目标: 十次".encode("utf-16"), "1:1 P001 UTF-16，应为 UTF-8：「目标: 十次」"),
    ("目标: 十次".encode("utf-16-be"), "1:1 P001 UTF-16"),
    ("a: 目标\n".encode("utf-16-le"), "1:1 P001 UTF-16"),
    (b"\xfe\xff\x76\xee", "1:1 P001 UTF-16"),
    (b"a: \xed\xa0\x80", "1:1 P001 不是 UTF-8 编码，第 1 行"),
    ("目标: 十次\n分值: 三".encode()[:-1], "1:1 P001 第 2 行有认不出的字节"),
    (b"a: \xff\xff\xff", "1:1 P001 认不出"),
    (b"PK\x03\x04\x14\x00\xff", "1:1 P001 Word"),
    # Tabs
    ("a:\n\tb: 1", "2:1 P002 行首缩进用了制表符（Tab）：「b: 1」"),
    ("a:\n  \tb: 1", "2:3 P002 行首缩进"),
    ("a:\t1", "1:3 P002 用了制表符（Tab）：「a:→1」"),
    ("a: x\ty", "1:5 P002 「a: x→y」"),
    ('a: "x\ty"', "1:6 P002 制表符"),
    ("a: 1\t# 注", "1:5 P002 制表符"),
    ("a: |\n  x\ty", "2:4 P002 制表符"),
    ("a:\n\tb: 1\n\tc: 2\nd: >9", "2:1 P002 Tab\n3:1 P002 Tab\n4:4 P004 >9"),
    ("a:\n  b: 1\n\tc: 2", "3:1 P002 Tab"),
    # Full-width signs
    ("名称: x\n目标：10\n得分: 3", "2:3 P003 用了全角冒号“：”：「目标：10」"),
    ("目标：10\n得分: 3", "1:3 P003 「目标：10」"),
    ("名称：x\n目标：10", "1:3 P003 「名称：x」\n2:3 P003 「目标：10」"),
    ("名称: x\n目标：10", "2:3 P003 全角冒号"),
    ("名称: x\n目标：", "2:3 P003 全角冒号"),
    ("名称: x\n目标：: 1\n得分：", "3:3 P003 「得分：」"),
    ("a:\n  名称: x\n  目标： 10", "3:5 P003 「目标： 10」"),
    ("指标：\n  - x\nb: 1", "1:3 P003 「指标：」"),
    ("a:\n  - 名称：x\n    分值: 3", "2:7 P003 「名称：x」"),
    ("a:\n　b: 1", "2:1 P003 行首缩进用了全角空格"),
    ("a:\n  　b: 1", "2:3 P003 行首缩进用了全角空格"),
    ("a:\n\xa0b: 1", "2:1 P003 行首缩进用了不间断空格"),
    ("a:\n　- x", "2:1 P003 行首缩进用了全角空格"),
    ("a: 1\n　　b: 2", "2:1 P003 行首缩进用了全角空格"),
    ("a: x\n  　y", "2:3 P003 行首缩进用了全角空格"),
    ("a: 1\nb:　2", "2:3 P003 冒号后面用了全角空格：「b:　2」"),
    ("a: 1\nb:\xa02", "2:3 P003 冒号后面用了不间断空格"),
    ("a: {b:　2}", "1:7 P003 冒号后面用了全角空格"),
    ("a: 　x", "1:4 P003 「x」前面有全角空格"),
    ("a: x　", "1:5 P003 「x」后面有全角空格"),
    ("a: x\n　\nb: 1", "2:1 P003 看似空行，却有全角空格"),
    ("a:\n  - ｛名称: x｝", "2:5 P003 全角括号“｛”"),
    ("名称　: x", "1:3 P003 后面有全角空格"),
    ("a: {名称: x，分值: 3}", "1:10 P003 一行写法里用了全角的“，”：「x，分值: 3}」"),
    ("a: {名称: x、分值: 3}", "1:10 P003 “、”"),
    ("a: {名称: x； 分值: 3}", "1:10 P003 “；”"),
    ("a: {名称: x，分值：3}", "1:10 P003 “，”"),
    ("a: {分值: 10，得分：8}", "1:11 P003 “，”"),
    ("a: {年初目标值: ≥40公里；完成：38公里}", "1:17 P003 “；”"),
    ("a: {说明: 原因：雨季提前，实际完成值：38}", "1:16 P003 “，”"),
    ("a: {名称: 石桥镇3 #泵站, 分值: 3}", "1:14 P006 「#泵站, 分值: 3}」会被当作注释丢掉"),
    ("a: {名称: x, 分值：3}", "1:14 P003 「分值：3」"),
    ("a: {名称: x, 分值： 3}", "1:14 P003 全角冒号"),
    ("a: {名称：x, 分值: 3}", "1:7 P003 「名称：x」"),
    ("a: ｛名称: x｝", "1:4 P003 全角括号“｛”"),
    ("a: [x, ［y］]", "1:8 P003 全角括号“［”"),
    ("a:\n  － x\n  － y", "2:3 P003 列表的“-”用了全角“－”：「－ x"),
    ("a:\n  - x\n  － y", "3:3 P003 「－ y」"),
    ("a:\n  ＃ 注释", "2:3 P003 注释用了全角“＃”"),
    # Values that begin with a sign of the notation
    ("a: >=90%", "1:4 P004 会被当作排版符号：「>=90%」"),
    ("目标: >=90%", "1:5 P004 「>=90%」"),
    ("a: > 90%", "1:4 P004 「> 90%」"),
    ("a: |90", "1:4 P004 「|90」"),
    ("a: |9", "1:4 P004 「|9」"),
    ("a: |#", "1:4 P004 「|#」"),
    ("a: |#x\n  y", "1:4 P004 「|#x」"),
    ("a: >\nb: 1", "1:4 P004 「>」"),
    ("a:\n  - >90%", "2:5 P004 「>90%」"),
    ("a: {b: >=90%, c: 1}", "1:8 P004 「>=90%」"),
    ("a: [x, >3]", "1:8 P004 「>3」"),
    ("a: %90", "1:4 P004 值以特殊符号「%」开头：「%90」"),
    ("a: {b: %90}", "1:8 P004 「%90」"),
    ("a: @x", "1:4 P004 「@x」"),
    ("a: `x", "1:4 P004 「`x」"),
    ("a: *注", "1:4 P004 「*注」"),
    ("a: &注 1", "1:4 P004 「&注 1」"),
    ("a: !重要", "1:4 P004 「!重要」"),
    ("a: ,x", "1:4 P004 「,x」"),
    ("a: ]x", "1:4 P004 「]x」"),
    ("a: [注] 完成", "1:4 P004 「[注] 完成」"),
    ("a: {% if %}", "1:4 P004 「{% if %}」"),
    ("a: {{ 年度 }}年", "1:4 P004 「{{ 年度 }}年」"),
    ("*注: 1", "1:1 P004 「*注: 1」"),
    ("b: 1\n@x: 1", "2:1 P004 「@x: 1」"),
    ("a: >9\nb: %9\nc: [注] x", "1:4 P004 >9\n2:4 P004 %9\n3:4 P004 [注]"),
    # Characters
    ("a: 1\n\ufeffb: 2", "2:1 P005 看不见的字符 U+FEFF（字节序标记）"),
    ("a: 说\u2028明", "1:5 P005 U+2028（行分隔符）"),
    ("a: 说\u2029明", "1:5 P005 U+2029（段分隔符）"),
    ("a: 说\x85明", "1:5 P005 U+0085（换行控制符）"),
    ("a: x\0y", "1:5 P005 不允许的控制字符 U+0000"),
    ("a: x\x07y", "1:5 P005 不允许的控制字符 U+0007"),
    ("a: x\x0by", "1:5 P005 U+000B"),
    ("a: x\x7fy", "1:5 P005 U+007F"),
    ("a: x\x9fy", "1:5 P005 U+009F"),
    ("a: x\ufffey", "1:5 P005 U+FFFE"),
    ("a: x\U0001ffffy", "1:5 P005 U+1FFFF"),
    ("目\u200b标: 1", "1:2 P005 U+200B（零宽空格）"),
    ("a: 1\u200b0", "1:5 P005 U+200B"),
    ("a: 甲\u200d乙", "1:5 P005 U+200D（零宽连字符）"),
    ("a: x\u202ey", "1:5 P005 U+202E（方向控制符）"),
    ("a: x\u2067y", "1:5 P005 U+2067（方向控制符）"),
    ("a: x\u200fy", "1:5 P005 U+200F"),
    ("a: x\xady", "1:5 P005 U+00AD（软连字符）"),
    ("a: x\ufffcy", "1:5 P005 U+FFFC（图片占位符）"),
    ("a: x\ufffdy", "1:5 P005 转换编码时丢失"),
    ("a: \0\0\0b\0", "1:4 P005 U+0000\n1:8 P005 U+0000"),
    ("a: \0\nb: >9", "1:4 P005 U+0000\n2:4 P004 >9"),
    (r'a: "x\0y\x0b"', r"1:6 P005 U+0000，写成了「\0」" + "\n" + r"1:9 P005 U+000B，写成了「\x0b」"),
    (r'a: "x\u200b"', r"1:6 P005 U+200B（零宽空格），写成了「\u200b」"),
    (r'a: "x\N\L\P"', "1:6 P005 U+0085\n1:8 P005 U+2028\n1:10 P005 U+2029"),
    (r'a: "\uFEFF"', "1:5 P005 U+FEFF"),
    (r'a: "\r"', "1:5 P005 U+000D"),
    ('a: "x\n  \\0"', "2:3 P005 U+0000"),
    (r'a: "\ud800"', r"1:5 P005 不支持「\ud800」这样的写法"),
    (r'a: "\ud83d\ude00"', r"1:5 P005 「\ud83d」"),
    (r'a: "\U00110000"', r"1:5 P005 「\U00110000」"),
    (r'a: "\UFFFFFFFF"', r"1:5 P005 「\UFFFFFFFF」"),
    (r'a: ["\ud800", x]', r"1:6 P005 「\ud800」"),
    # Comments that swallow text
    ("a: 项目 #1", "1:7 P006 「#1」会被当作注释丢掉"),
    ("a: #1", "1:4 P006 「#1」"),
    ("a:\n  - #1", "2:5 P006 「#1」"),
    ("a: {b: 1, c: 2 #3\n  }", "1:16 P006 「#3」"),
    ("a: '#1' #x\nb: 项目 #1", "2:7 P006 「#1」"),
    ("a: |\n  #x\nb: 1 #x", "3:6 P006 「#x」"),
    # Two colons, missing colons and blanks
    ("a: 说明: 完成", "1:6 P006 一行里有两个“: ”：「说明: 完成」"),
    ("a: 说明:", "1:6 P006 两个“: ”"),
    ("a: b: c: d", "1:5 P006 两个“: ”\n1:8 P006 两个“: ”"),
    ("a:\n  - 说明: 完成: 否", "2:11 P006 两个“: ”"),
    ("a: {b: 说明: 完成, c: 1}", "1:10 P006 一项里有两个“: ”：「说明: 完成, c: 1}」"),
    ("目标:10\n得分: 3", "1:3 P006 冒号后面少了空格：「目标:10」"),
    ("得分: 3\n目标:10", "2:3 P006 「目标:10」"),
    ("a:\n  - 名称:x\n    分值: 3", "2:7 P006 「名称:x」"),
    ("a: {b:1}", "1:6 P006 冒号后面少了空格：「b:1」"),
    ("a: {名称:}", "1:7 P006 「名称:}」"),
    ("a: {b:{c: 1}}", "1:6 P006 冒号后面少了空格"),
    ("a: {b :[1]}", "1:7 P006 冒号后面少了空格：「b :[1]}」"),
    ("a: {b:[1]}", "1:6 P006 冒号后面少了空格"),
    ("a: {b: 好?}", "1:9 P006 半角问号“?”：「好?」"),
    ("a 1\nb: 2", "1:1 P006 不是“名称: 值”的形式：「a 1」"),
    ("b: 2\na 1\nc: 3", "2:1 P006 「a 1」"),
    ("支出\n  a: 1\nb: 2", "1:1 P006 「支出」后面少了冒号"),
    ("a: 1\n支出\n  b: 1", "2:1 P006 「支出」后面少了冒号"),
    (": 1", "1:1 P006 冒号前面没有名称"),
    ("a: 1\n: 2", "2:1 P006 冒号前面没有名称"),
    ('"": 1', "1:1 P006 冒号前面没有名称"),
    ("a: {: 1}", "1:5 P006 冒号前面没有名称"),
    # Quotation marks
    ('a: "智造园"贡献', '1:9 P006 值里混用了英文双引号：「"智造园"贡献」'),
    ("a: '智造园'贡献", "1:9 P006 值里混用了英文单引号"),
    ('a: "x" y', '1:8 P006 引号后面还有文字：「"x" y」'),
    ('a:\n  - "x"y', "2:8 P006 混用了英文双引号"),
    ('a: {b: "x"y, c: 1}', "1:11 P006 混用了英文双引号"),
    ("a:\n  - 名称: x, 分值: 3}", "2:5 P006 行末有“}”，前面却没有“{”：「名称: x, 分值: 3}」"),
    ('a: "x\nb: 1', '1:4 P006 英文双引号没有配对：「"x」'),
    ("a: 'x\nb: 1", "1:4 P006 英文单引号没有配对"),
    ('a: "x\nb: y"', "1:4 P006 没有配对"),
    ('a: "x\nb: "y"', "1:4 P006 没有配对"),
    ('a:\n  - b: "x\n    c: "y"', "2:8 P006 没有配对"),
    ('a: {b: "x, c: 1}\nd: 2', "1:8 P006 没有配对"),
    ("a: '\nb: '\nc: 1", "1:4 P006 没有配对"),
    (r'a: "C:\路径"', r"1:7 P006 双引号里的 \ 是转义符：「\路径」"),
    (r'a: ["C:\路径"]', r"1:8 P006 转义符"),
    (r'a: "\x0"', r"1:5 P006 转义符"),
    # Brackets
    ("a: [1, 2\nb: 3", "1:4 P006 方括号没有配对：「[1, 2」"),
    ("a:\n  - {名称: x, 分值: 3", "2:5 P006 花括号没有配对：「{名称: x, 分值: 3」"),
    ("a:\n  - {名称: x\n  - {名称: y}", "2:5 P006 花括号没有配对：「{名称: x」"),
    ("a: {b: [1, 2}", "1:8 P006 方括号没有配对：「[1, 2}」"),
    ("a: {b: 1]", "1:4 P006 花括号没有配对：「{b: 1]」"),
    ("a: {b: 1}}", "1:10 P006 多了一个“}”"),
    ("a: {b: [1, 2\nc: 1", "1:4 P006 花括号\n1:8 P006 方括号"),
    ("a: {b: 1, , c: 2}", "1:11 P006 多了一个逗号"),
    ("a: [, x]", "1:5 P006 多了一个逗号"),
    ("a: {名称: x\n  分值: 3}", "1:10 P006 「名称: x」后面少了逗号"),
    ('a: {名称: "x" 分值: 3}', "1:12 P006 后面少了逗号"),
    ('a: {名称: "x"\n  分值: 3}', "1:12 P006 后面少了逗号"),
    ("a: [{b: 1} {b: 2}]", "1:11 P006 后面少了逗号"),
    ("a: {名称: 招商[重点], b: 1}", "1:11 P006 括号里的值又用了「[」：「招商[重点]」"),
    ("a: {b, c: 1}", "1:5 P006 花括号里的「b」没有冒号和值"),
    ("a: {预算数: 1,000}", "1:10 P006 括号里的「1,000」会被逗号拆开"),
    ("a: {预算数: 1,000,000.50, b: 1}", "1:10 P006 「1,000,000.50」"),
    ("a: [1,000]", "1:5 P006 「1,000」"),
    ("a: [1,000,000]", "1:5 P006 「1,000,000」"),
    ("a: {{ name }}", "1:5 P006 名称必须是文字：「{ name }}」"),
    ("[a]: 1", "1:1 P006 名称必须是文字"),
    ("{b: 1}: 2", "1:1 P006 名称必须是文字"),
    ("? [a]\n: 1", "1:3 P006 名称必须是文字"),
    # Lists and indentation
    ("a: -", "1:4 P006 会被当作列表：「-」"),
    ("a: - 1", "1:4 P006 「- 1」"),
    ("a:\n- x\n-y", "3:1 P006 列表的“-”后面要有一个空格：「-y」"),
    ("- a\n-b", "2:1 P006 「-b」"),
    ("a:\n  -x\n  -y", "2:3 P006 「-x」"),
    ("a:\n  -x", "2:3 P006 「-x」"),
    ("a:\n  -x\nb: [", "2:3 P006 「-x」\n3:4 P006 方括号"),
    ("a:\n- x\n - y", "3:1 P006 没有与上一条对齐，会被并入上一条「x」"),
    ("a:\n  - x\n y", "3:2 P006 没有对齐"),
    ("a:\n  - x\n - y", "3:2 P006 「- y」的缩进与上面各行都没有对齐"),
    ("a: x\n  - y", "2:3 P006 缩进多了，上一行已经有值「x」"),
    ("a: 1\n  b: 2", "2:4 P006 这一行「b: 2」缩进多了，上一行已经有值「1」"),
    ("a: 1\n  2", "2:3 P006 上一行已经有值「1」"),
    ('a: "x"\n  b: 2', "2:4 P006 缩进多了"),
    ("a:\n  - 名称: x\n     分值: 3", "3:8 P006 缩进多了，上一行已经有值「x」"),
    ("a:\n  - 名称: x\n   分值: 3", "3:4 P006 「分值: 3」的缩进与上面各行都没有对齐"),
    ("a: 产出\n  分值：40\nb: 1", "2:5 P003 「分值：40」"),
    ("a: 产出\n  分值:40\nb: 1", "2:5 P006 「分值:40」"),
    ("a:\n    b: 1\n  c: 2", "3:3 P006 「c: 2」的缩进与上面各行都没有对齐"),
    (" a: 1\nb: 2", "2:1 P006 没有对齐"),
    ("a: 1\n- b", "2:1 P006 不能与“名称: 值”并列：「- b」"),
    ("- a\nb: 1", "2:1 P006 不能与“名称: 值”并列"),
    ("a:\n  - x\n  y", "3:3 P006 「y」前面少了“- ”"),
    ("a: |\n  x\n y\nb: 1", "3:2 P006 「y」的缩进比上面的文字少"),
    # One document, no shortcuts, limits
    ("a: 1\n---\nb: 2", "2:1 P006 多了“---”"),
    ("a: 1\n---", "2:1 P006 多了“---”"),
    ("a: 1\n...\nb: 2", "2:1 P006 多了“...”"),
    ("x: &x {a: 1}\ny:\n  <<: *x\n  a: 2", "1:4 P007 「&x」\n3:3 P007 不支持 <<"),
    ("a: &a [*a]", "1:4 P007 「&a」\n1:8 P007 「*a」"),
    ("<<: {a: 1}", "1:1 P007 不支持 <<"),
    ("a: !!python/object/apply:os.system [x]", "1:4 P007 「!!python/object/app…」"),
    ("a: !foo 1", "1:4 P007 不支持 ! 标签写法：「!foo」"),
    ("a: ! 1", "1:4 P007 「!」"),
    ("a: !x!foo 1", "1:4 P004 「!x!foo 1」"),
    ("a: !!binary aGk=", "1:4 P007 「!!binary」"),
    ("a: !!set {x, y}", "1:4 P007 「!!set」"),
    ("a: " + "[" * 31 + "]" * 31, "1:33 P008 超过 30 层"),
    ("", "1:1 P009 文件是空的"),
    ("# x\n", "1:1 P009 文件是空的"),
    ("---\n", "1:1 P009 文件是空的"),
    ("- a", "1:1 P009 最外层应当是“名称: 值”的形式，这里是「- a」"),
    ("abc", "1:1 P009 「abc」"),
    ("目标：10", "1:1 P009 「目标：10」"),
    ("目标:10", "1:1 P009 「目标:10」"),
    ("a:　1", "1:1 P009 「a:　1」"),
    ("a:\xa01", "1:1 P009 「a:□1」"),
    # Names that occur twice
    ("目标: 1\n目标: 2", "2:1 P103 「目标」重复出现，前一次在第 1 行"),
    ('2020: x\n"2020": y', "2:1 P103 「2020」"),
    ("a:\n  b: 1\n  b: 2", "3:3 P103 第 2 行"),
    ("a: {b: 1, b: 2}", "1:11 P103 「b」"),
    ("a: 1\na: 2\na: 3", "2:1 P103 第 1 行\n3:1 P103 第 1 行"),
    ("a: 1\nb: >9\na: 2", "2:4 P004 >9\n3:1 P103 第 1 行"),
]

READ: list[tuple[str | bytes, Any]] = [
    (
        "a: {说明: 原因：雨季提前；改进措施：列入计划。}",
        {"a": {"说明": "原因：雨季提前；改进措施：列入计划。"}},
    ),
    (
        "a: {说明: 雨季提前，措施：列入计划、责任人：张三}",
        {"a": {"说明": "雨季提前，措施：列入计划、责任人：张三"}},
    ),
    ("a: yes\nno: 5\non: off\nY: 是", {"a": "yes", "no": "5", "on": "off", "Y": "是"}),
    ("a: 1:30\nb: 190:20:30.15", {"a": "1:30", "b": "190:20:30.15"}),
    ("a: 010\nb: 0o10\nc: 05001", {"a": "010", "b": "0o10", "c": "05001"}),
    ("a: 1e3\nb: 1.0e+3\nc: 75.10", {"a": "1e3", "b": "1.0e+3", "c": "75.10"}),
    ("a: 1_000\nb: 1,000.50", {"a": "1_000", "b": "1,000.50"}),
    ("a: 0x1F\nb: 0b11\nc: .inf\nd: .nan", {"a": "0x1F", "b": "0b11", "c": ".inf", "d": ".nan"}),
    ("a: 2021-02-30\nb: 2021-05-25 10:00:00 +08:00", {"a": "2021-02-30", "b": "2021-05-25 10:00:00 +08:00"}),
    ("a: " + "9" * 5000, {"a": "9" * 5000}),
    ("a: １００％", {"a": "１００％"}),
    ("a: 10 次\nb: ≥90%\nc: <=90%\nd: -5", {"a": "10 次", "b": "≥90%", "c": "<=90%", "d": "-5"}),
    ("a:\n  -5", {"a": "-5"}),
    ("a: ~\nb:\nc: \"\"\nd: null\ne: ''", {"a": "~", "b": None, "c": "", "d": "null", "e": ""}),
    ("1: a\ntrue: b\n1.0: c", {"1": "a", "true": "b", "1.0": "c"}),
    (b"\xef\xbb\xbfa: 1\r\nb: 2\rc: 3\r\n", {"a": "1", "b": "2", "c": "3"}),
    ("? a\n: 1", {"a": "1"}),
    ("---\na: 1\n...\n", {"a": "1"}),
    ("%YAML 1.1\n---\na: 1", {"a": "1"}),
    ("a: 项目#1\nb: 1 # 注\n#注\nc: '#1'", {"a": "项目#1", "b": "1", "c": "#1"}),
    ('a: "x" #注\nb: {c: 1} #注\nd: [1] #注', {"a": "x", "b": {"c": "1"}, "d": ["1"]}),
    ("a: 1 # 见 #3\n# 说明 #1", {"a": "1"}),
    ("a: “智造园贡献”\nb: ……\nc: 说“好”", {"a": "“智造园贡献”", "b": "……", "c": "说“好”"}),
    ('a: 智造园"贡献"\nb: it\'s', {"a": '智造园"贡献"', "b": "it's"}),
    ("a: 说明：完成\nb: http://x.cn/a?b=1", {"a": "说明：完成", "b": "http://x.cn/a?b=1"}),
    (
        "a: 招商（重点）、环保\n目标:\n  - 目标1：招商，\n    争先",
        {"a": "招商（重点）、环保", "目标": ["目标1：招商， 争先"]},
    ),
    ("a: 第一行\n  第二行\n\n  第三段", {"a": "第一行 第二行\n第三段"}),
    ("a: |\n  第一行\n  第二行\nb: >-\n  甲\n  乙", {"a": "第一行\n第二行\n", "b": "甲 乙"}),
    ("a: |  # 注\n  #1 项\n  - x: [", {"a": "#1 项\n- x: ["}),
    ("a: |2\n   x\n  y", {"a": " x\ny"}),
    ('a: "x\n  y"\nb:\n  "x\n  y"', {"a": "x y", "b": "x y"}),
    ("a: 'x''y'", {"a": "x'y"}),
    (r'a: "x\ty\n\"z\" \\ \/ \u4e2d\_"', {"a": 'x\ty\n"z" \\ / 中\xa0'}),
    ("a: '说明: 完成'\nb: \">=90%\"", {"a": "说明: 完成", "b": ">=90%"}),
    ("a: {b: , c: 1}\nd: {e: }", {"a": {"b": None, "c": "1"}, "d": {"e": None}}),
    ('a: {"b": 1, c: [x, y], }', {"a": {"b": "1", "c": ["x", "y"]}}),
    ('a: {"b":1}', {"a": {"b": "1"}}),
    ("a: {\n  b: 1,\n  c: 2\n}\nd: [\n  1,\n  2\n]", {"a": {"b": "1", "c": "2"}, "d": ["1", "2"]}),
    ("{a: 1, b: [x]}", {"a": "1", "b": ["x"]}),
    ("a: {名称: 全年，无事故, b: -}", {"a": {"名称": "全年，无事故", "b": "-"}}),
    ("a: [1, 2]\nb: [1,2]", {"a": ["1", "2"], "b": ["1", "2"]}),
    ('a: "1,000"\nb: {c: "1,000"}', {"a": "1,000", "b": {"c": "1,000"}}),
    ("a: []\nb: {}", {"a": [], "b": {}}),
    ("a:\n- x\n- y\nb: 1", {"a": ["x", "y"], "b": "1"}),
    ("a:\n- - x\n  - y\n- z", {"a": [["x", "y"], "z"]}),
    ("a: 完成 {{ x }}，[见附件]", {"a": "完成 {{ x }}，[见附件]"}),
    ("a: 😀 \U00020bb7 \ue000 👨‍👩‍👧 ❤️", {"a": "😀 \U00020bb7 \ue000 👨‍👩‍👧 ❤️"}),
    ("a: 全年　合计", {"a": "全年　合计"}),
    ("a: \"　x \"\nb: '\xa0'", {"a": "　x ", "b": "\xa0"}),
    ("名称 : x", {"名称": "x"}),
    ("a: b:c\nd: -招商", {"a": "b:c", "d": "-招商"}),
    ("a: " + "[" * 29 + "]" * 29, {"a": eval("[" * 29 + "]" * 29)}),  # noqa: S307 -- our own brackets
]


def judge(data: str | bytes, loader: type[nodes.Loader] = nodes.LOADER) -> tuple[Node | None, list[str]]:
    """Decode and parse; the root and the verdicts as lines."""
    words, faults = text.decode(data.encode() if isinstance(data, str) else data, FILE)
    root = None
    if words is not None:
        root, more = nodes.parse(words, FILE, loader=loader)
        root, faults = (None if faults else root), (*faults, *more)
    return root, [str(fault).removeprefix(FILE + ":") for fault in in_reading_order(faults)]


def plain(node: Node) -> Any:
    if isinstance(node, Mapping):
        return {name.text: plain(value) for name, value in node}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return None if node.empty else node.text


def place_and_code(verdict: str) -> str:
    """Cut `2:1: 错误 P103 「目标」…` to `2:1 P103`."""
    found = re.match(r"(\d+:\d+): 错误 (P\d{3}) ", verdict)
    assert found, verdict
    return f"{found[1]} {found[2]}"


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("data", "expected"), REFUSED, ids=[ascii(data)[:40] for data, _ in REFUSED])
def test_a_slip_is_named_at_its_place(data: str | bytes, expected: str, loader: type[nodes.Loader]) -> None:
    announced = [line.split(" ", 2) for line in expected.split("\n")]
    root, verdicts = judge(data, loader)
    assert root is None
    assert [place_and_code(verdict) for verdict in verdicts] == [
        f"{place} {code}" for place, code, _ in announced
    ], verdicts
    for verdict, (_, _, words) in zip(verdicts, announced, strict=True):
        assert words in verdict


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize(("data", "values"), READ, ids=[ascii(data)[:40] for data, _ in READ])
def test_everything_else_is_read_as_text(data: str | bytes, values: Any, loader: type[nodes.Loader]) -> None:
    root, verdicts = judge(data, loader)
    assert verdicts == []
    assert root is not None
    assert plain(root) == values


@pytest.mark.skipif(len(LOADERS) == 1, reason="libyaml is not installed")
def test_both_loaders_say_the_same() -> None:
    for data, _ in (*REFUSED, *READ):
        assert judge(data, yaml.CSafeLoader) == judge(data, yaml.SafeLoader), data


def test_every_message_can_be_shown_on_a_gbk_console() -> None:
    for data, _ in REFUSED:
        for verdict in judge(data)[1]:
            quoted = set(data) if isinstance(data, str) else set()
            verdict.translate(dict.fromkeys(map(ord, quoted))).encode("gbk")


def test_every_message_is_a_sentence_with_a_remedy() -> None:
    for data, _ in REFUSED:
        for verdict in judge(data)[1]:
            assert verdict.endswith("。")
            assert verdict.count("。") >= 2, verdict


GOOD = """\
# 说明
表式: hubei-department
年度: 2020
单位名称: 智造园

支出:
  基本支出总额: 0
  往来资金: 48.69

预算执行:
  - {名称: 部门整体支出总额, 预算数: 489, 执行数: 367.24}

年度目标:
  - 招商活动有效开展，扩大影响力
  - 社会事务稳步推进

指标:
  - 一级指标: 产出指标
    分值: 40
    二级指标:
      - 名称: 数量指标
        三级指标:
          - {名称: 招商接洽、走访企业数量, 分值: 3, 年初目标值: 30 个, 实际完成值: 74 个}
          - {名称: 制作宣传册次数, 分值: 2, 年初目标值: 1 次, 实际完成值: 1 次}
"""

NAMED = re.compile(r"( *(?:- )?)([^\s:{#]+): ([^{]+)")
"""A line of GOOD: what stands before the name, the name, the value."""

PLANTED = {
    "{0}{1}：{2}": ("P003", 1),
    "{0}{1}:{2}": ("P006", 1),
    "{0}{1}:\t{2}": ("P002", 2),
    "{0}{1}: >=90%": ("P004", 3),
    "{0}{1}: %90": ("P004", 3),
    "{0}{1}: [注] 完成": ("P004", 3),
    "{0}{1}: 说明: 完成": ("P006", 5),
    '{0}{1}: "智"贡献': ("P006", 6),
    '{0}{1}: "智造': ("P006", 3),
    "{0}{1}: '智造": ("P006", 3),
    "{0}{1}: [1, 2": ("P006", 3),
    "{0}{1}: {{a: 1": ("P006", 3),
    "{0}{1}: 项目 #1": ("P006", 6),
    "{0}{1}: - 1": ("P006", 3),
    "{0}{1}: &x 1": ("P007", 3),
    '{0}{1}: "C:\\路"': ("P006", 6),
    '{0}{1}: "\\0"': ("P005", 4),
    "{0}{1}: \u200b1": ("P005", 3),
}
"""A slip put in place of a line: its code, and its column counted from the end of the name."""


def planted() -> list[tuple[int, str, str]]:
    """Put each slip on each line with a name; row, line and verdict."""
    cases = []
    for row, line in enumerate(GOOD.splitlines()):
        found = NAMED.fullmatch(line)
        for shape, (code, offset) in PLANTED.items() if found else ():
            before, name, value = found.groups() if found else ("", "", "")
            column = len(before) + len(name) + offset
            cases.append((row, shape.format(before, name, value), f"{row + 1}:{column} {code}"))
    return cases


def test_a_slip_is_found_on_whatever_line_it_is_made() -> None:
    for row, slip, verdict in planted():
        lines = GOOD.splitlines()
        lines[row] = slip
        assert [place_and_code(v) for v in judge("\n".join(lines))[1]] == [verdict], slip


MERGED = "甲: 1\n<<<<<<< HEAD\n乙: 2\n=======\n乙: 3\n>>>>>>> 分支\n丙: 4\n"


@pytest.mark.parametrize(
    ("words", "places"),
    [
        (MERGED, [(2, 6)]),
        (MERGED + MERGED, [(2, 6), (9, 13)]),
        (MERGED.replace("=======", "||||||| 原来\n乙: 0\n======="), [(2, 8)]),
        ("<<<<<<< HEAD\n=======\n下一步加强管理。\n>>>>>>> b", [(1, 4)]),
        (MERGED.replace("=======\n", ""), []),
        ("甲\n=======\n乙", []),
        ("<<<<<<<\n=======\n" * 20_000, []),
        ("<<<<<<<<<< 十个\n=======\n>>>>>>>", []),
    ],
)
def test_a_merge_that_nobody_decided_is_named_with_its_lines(
    words: str, places: list[tuple[int, int]]
) -> None:
    told = [f"{FILE}:{first}:1: 错误 P012 这里到第 {last} 行是没有解决的合并冲突。" for first, last in places]
    found = [str(fault) for fault in text.conflict(words, FILE)]
    assert [line.partition("请")[0] for line in found] == told


def test_nothing_else_is_said_of_a_file_with_a_merge_that_nobody_decided(tmp_path: Path) -> None:
    for name in ("a.yaml", "b.md"):
        (tmp_path / name).write_text(MERGED + "a：1\n", encoding="utf-8")
        read = parse.yaml if name == "a.yaml" else parse.text
        found = read(tmp_path, tmp_path / name)
        assert found.value is None
        assert [fault.code for fault in found.diagnostics] == ["P012"]


def test_several_slips_are_found_in_one_run() -> None:
    chance = random.Random(1)  # noqa: S311 -- nothing secret
    for _ in range(200):
        lines = GOOD.splitlines()
        slips = {case[0]: case for case in chance.sample(planted(), 4)}
        for row, slip, _ in slips.values():
            lines[row] = slip
        verdicts = [place_and_code(v) for v in judge("\n".join(lines))[1]]
        assert verdicts == [slips[row][2] for row in sorted(slips)], lines


def test_only_twenty_faults_of_a_kind_are_listed() -> None:
    for many in ("a: 1\tx\n" * 100, "a: \0x\0\n" * 50, "a: &x 1\n" * 100, "a: >9\n" * 100):
        verdicts = judge(many)[1]
        assert len(verdicts) <= 42
        assert all(len(verdict) < 100 for verdict in verdicts)
    assert "还有 80 处" in judge("".join(f"a{i}: 1\tx\n" for i in range(100)))[1][20]
    assert "还有很多处" in judge("".join(f"a{i}: x\u202e\n" for i in range(900)))[1][20]


BOMBS = {
    "brackets 10,000": "a: " + "[" * 10_000,
    "brackets 100,000": "[" * 100_000 + "]" * 100_000,
    "braces 100,000": "{" * 100_000,
    "brackets 100,000 behind a fault": "a: >9\nb: " + "[" * 100_000,
    "dashes 60,000": "- " * 60_000,
    "steps 1,000": "".join(" " * i + "a:\n" for i in range(1000)),
    "aliases": "a: &a [x, x]\n" + "".join(f"b{i}: &b{i} [*a, *a, *a]\n" for i in range(50)),
    "merges": "a: &a {x: 1}\n" + "".join(f"b{i}: &b{i} {{<<: [*a, *a]}}\n" for i in range(50)),
    "open quotes": 'a: "x\n' * 20_000,
    "open braces": "a: {x: 1\n" * 20_000,
    "two colons": "a: " * 50_000,
    "wide commas": "{" + "b: x，c: 1, " * 10_000,
    "anchors in a row": "a: " + "&x " * 50_000,
    "quotes in a row": '"' * 150_000,
    "escapes": 'a: "' + r"\0" * 100_000 + '"',
    "no escapes": 'a: "' + r"\x" * 75_000 + '"',
    "hashes in quotes": "a: {" + '"#": "#", ' * 15_000 + "} #x",
    "white space": " " * 500_000 + "\t\n" * 50_000,
}


@pytest.mark.parametrize("loader", LOADERS)
@pytest.mark.parametrize("bomb", BOMBS.values(), ids=BOMBS.keys())
def test_a_bomb_is_refused(bomb: str, loader: type[nodes.Loader]) -> None:
    root, verdicts = judge(bomb, loader)
    assert root is None
    assert verdicts


def test_a_file_of_200_000_names_is_refused_at_the_limit() -> None:
    root, verdicts = judge("".join(f"k{i}:\n" for i in range(200_000)))
    assert root is None
    assert [place_and_code(verdict) for verdict in verdicts] == [f"{nodes.MOST_NODES // 2 + 1}:1 P008"]


def test_values_know_where_they_stand_and_whether_they_were_quoted() -> None:
    root, _ = judge("甲: 一\n乙:\n  - \"二\"\n  - {丙: ''}\n")
    assert isinstance(root, Mapping)
    (name, value), (_, items) = root.entries
    assert isinstance(value, Scalar)
    assert (str(name.place), str(value.place), value.quoted) == (f"{FILE}:1:1", f"{FILE}:1:4", False)
    assert isinstance(items, Sequence)
    two, braces = items.items
    assert isinstance(two, Scalar)
    assert (str(two.place), two.quoted) == (f"{FILE}:3:5", True)
    assert isinstance(braces, Mapping)
    inner = braces.get("丙")
    assert isinstance(inner, Scalar)
    assert (str(inner.place), inner.quoted, inner.empty) == (f"{FILE}:4:9", True, False)


LEGAL = st.text(st.characters(codec="utf-8"), max_size=60).filter(
    lambda words: not text.characters(words, FILE) and "\r" not in words
)


@given(LEGAL)
def test_any_legal_text_comes_back_from_double_quotes(words: str) -> None:
    data = f"名称: {json.dumps(words, ensure_ascii=False)}"
    root, verdicts = judge(data)
    assert verdicts == []
    assert isinstance(root, Mapping)
    assert root.get("名称") == Scalar(words, Place(FILE, 1, 5), quoted=True)


@given(st.lists(LEGAL.filter(str.strip), min_size=1, max_size=4))
def test_any_legal_text_comes_back_from_what_a_program_writes(items: list[str]) -> None:
    data = yaml.safe_dump({"名称": items}, default_style="'", allow_unicode=True)
    root, verdicts = judge(data)
    assert verdicts == []
    assert root is not None
    assert plain(root) == {"名称": items}


SIGNS = [
    *":：,，[]{}\"'#&*!|>%@`-\t\n \u3000\\?=0a目、；~<\r\x85\u200b",
    ": ",
    "- ",
    "\n- ",
    "---\n",
    " #x",
    "<<: ",
]


@st.composite
def mangled(draw: st.DrawFn) -> str:
    words = draw(st.sampled_from([GOOD, GOOD[:60], "a: |\n  x\n  y\nb: [1,\n  {c: \"d\"}]\ne: 'f\n  g'\n"]))
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(words)))
        end = at + draw(st.sampled_from([0, 0, 1, 2, 8]))
        words = words[:at] + draw(st.sampled_from(["", *SIGNS])) + words[end:]
    return words


@given(mangled())
def test_whatever_is_typed_there_is_a_value_or_a_verdict_at_a_place_in_the_file(words: str) -> None:
    lines = words.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    answers = [judge(words, loader.values[0]) for loader in LOADERS]  # type: ignore[arg-type]
    for root, verdicts in answers:
        assert (root is None) == bool(verdicts)
        for verdict in verdicts:
            row, column = map(int, verdict.split(":")[:2])
            assert 1 <= column <= len(lines[row - 1]) + 1
    assert len({repr(root) for root, _ in answers}) == 1
