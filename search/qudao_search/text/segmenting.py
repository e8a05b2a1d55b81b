"""Words of a Han run: what a query is about, told from the words that only make it a sentence. Plain Python.

The index keeps pairs, of which any part of a run is found; a query is taken apart into words. A word is a phrase
of its pairs, so query and index agree whatever the dictionary says.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from .rules import HAN

#: A run that is longer is not a query; it is left as it is.
LONGEST_RUN = 100

#: Words that say nothing about what is looked for: question words, pronouns, particles, auxiliaries, adverbs.
_FUNCTION_WORDS = """
怎么 怎么办 怎么样 怎么回事 怎么弄 怎么做 怎样 如何 为什么 为啥 为何 什么 什么样 啥 哪 哪个 哪些 哪种 哪里 哪儿
谁 多少 多大 多久 多长 多长时间 多粗 多高 多远 几 几个 几种 是不是 有没有 能不能 可不可以 会不会 要不要 行不行
吗 呢 吧 啊 呀 的 地 得 了 着 过 是 在 有 把 被 给 让 向 往 对 和 与 跟 及 或 或者 还是 而 但 但是 如果 因为
所以 就 都 也 还 又 再 才 只 很 太 更 最 比较 非常 真 好 合适 能 可以 会 要 想 应该 该 应 需要 必须 得 不能 不会
用 使用 用到 做 弄 搞 我 我们 你 你们 您 他 他们 它 咱们 自己 别人 大家 这 这个 这种 这些 那 那个 那种 那些 一
一个 一种 一下 一般 一些 老 老是 总 总是 经常 一直 突然 时候 时 里 里面 上 上面 下 下面 中 后 前 之后 之前 请
请问 求 问 问题 情况 原因 办法 方法 怎么着 出现 发生 知道 觉得 听说 起来 出来 意思 什么意思 区别 几度 不 没 没有
回事 到 去 来 多 大 个 种 么 办 咋 咋办 咋样 咋回事 咋弄 啥样 啥时候 什么时候 几时 哪款 哪家 哪一种 有点 有点儿 有些
稍微 特别 挺 越 越来越 更加 尽量 刚 刚刚 已经 正在 之间 之后 以后 以前 等 等等 或者说 而且 并且 不过 只是 只要 只有 要么
就是 都是 不是 是否 能否 可否 够 够不够 带 请教 推荐 介绍 想要 想买 买 卖 需 得要 用来 那样 这样 这么 那么 咱 俺 人家
"""
FUNCTION_WORDS = frozenset(_FUNCTION_WORDS.split())
#: Words by which a sentence is a question, or tells of something that is wrong.
_QUESTION_WORDS = """
怎么 怎么办 怎么样 怎么回事 怎么弄 怎么做 怎样 如何 为什么 为啥 为何 什么 什么样 啥 哪 哪个 哪些 哪种 哪里 多少
多大 多久 多长 多长时间 多粗 多高 多远 几 几个 是不是 有没有 能不能 可不可以 会不会 要不要 吗 呢 老 老是 总是
区别 原因 意思 什么意思 了 不 没 没有 坏 比较 突然 咋 咋办 咋样 咋回事 咋弄 啥时候 什么时候 哪款 哪家 哪一种 还是
是否 能否 可否 够不够 毛病 故障 跳闸 频闪 闪烁 发烫 烧坏 短路 刺眼 晃眼 生锈 进水 发黄 发黑 脱落 冒烟 条纹 接错 发错
少发 太贵 嫌贵 客户说 客户问 客户嫌 客户要 差别 不同 不一样 好坏
"""
QUESTION_WORDS = frozenset(_QUESTION_WORDS.split())


#: A verb said both ways, which asks whether: 要不要, 亮不亮.
_EITHER_WAY = re.compile(rf"([{HAN}])不\1")
#: What asks for a measure or for one of several: 多深, 哪边.
_ASKS_FOR = re.compile(rf"{_EITHER_WAY.pattern}|多[大少久长粗高远深宽厚亮快]|哪")
#: Function words that are also the beginning of names, where the dictionary knows them: 过道, 多股, 地线.
_BEGINS_NAMES = frozenset("过多地总")
#: Those that are of a name wherever a run begins with them: 地插, 总闸.
_BEGINS_RUNS = frozenset("地总")

#: Those of several characters are heard wherever they stand, whatever the dictionary makes of the words around them.
_SAID = tuple(
    word for word in QUESTION_WORDS if len(word) > 1 and word not in ("突然", "比较", "没有", "原因")
)


@lru_cache(maxsize=4_096)
def segmented(run: str) -> tuple[str, ...]:
    """The words of a Han run (folded) in order. Joined, they are the run.

    Characters that the dictionary knows no word for stay together: they are a word that it does not know.
    """
    if len(run) < 2 or len(run) > LONGEST_RUN:
        return (run,)
    return tuple(_joined(_dictionary_words(run)))


def _dictionary_words(run: str) -> list[str]:
    import rjieba  # noqa: PLC0415 - its dictionary takes 30 MB and half a second, which only processes that search pay

    found: list[str] = []
    done = 0
    for either in _EITHER_WAY.finditer(run):
        found += (*rjieba.cut(run[done : either.start()], hmm=False), either.group())
        done = either.end()
    found += rjieba.cut(run[done:], hmm=False)
    return [
        part
        for word in found
        # Two words that are often said together: 开关插座, 楼上楼下.
        for part in (
            (word[:2], word[2:])
            if len(word) == 4 and rjieba.has_word(word[:2]) and rjieba.has_word(word[2:])
            else (word,)
        )
    ]


def _joined(words: list[str]) -> Iterator[str]:
    single = ""
    for place, word in enumerate(words):
        if len(word) == 1 and (word not in FUNCTION_WORDS or _is_of_a_name(words, place, single)):
            single += word
            continue
        if single:
            yield single
            single = ""
        yield word
    if single:
        yield single


def _is_of_a_name(words: list[str], place: int, before: str) -> bool:
    """Whether a function word of one character is part of a name: 灯带 is no lamp with something."""
    word, after = words[place], words[place + 1] if place + 1 < len(words) else ""
    if word == "带":
        return len(before) == 1
    if word not in _BEGINS_NAMES or len(after) != 1 or after in FUNCTION_WORDS:
        return False
    return is_known(word + after) or (place == 0 and word in _BEGINS_RUNS)


def is_known(word: str) -> bool:
    """Whether the dictionary has a Han word."""
    import rjieba  # noqa: PLC0415 - likewise

    return bool(rjieba.has_word(word))


def is_function_word(word: str) -> bool:
    either = _EITHER_WAY.fullmatch(word)
    return word in FUNCTION_WORDS or (either is not None and either[1] in FUNCTION_WORDS)


def asks(run: str) -> bool:
    """Whether a Han run is said as a question."""
    if "几" in run.replace("茶几", "") or _ASKS_FOR.search(run):
        return True
    return any(word in QUESTION_WORDS for word in segmented(run)) or any(word in run for word in _SAID)
