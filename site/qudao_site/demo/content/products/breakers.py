"""Circuit breakers and their kin."""

from __future__ import annotations

from ..families import Family, Model, look
from ..terms import currents


def poles(*rows: tuple[str, int, str, str]) -> list[Model]:
    """Models by poles: (code, poles drawn, poles written, list price)."""
    return [
        Model(code, price, {"name": text}, {"poles": text}, {"poles": drawn})
        for code, drawn, text, price in rows
    ]


MCB = currents(10, 16, 20, 25, 32, 40, 63)


FOUR = ("1", 1, "1P"), ("2", 2, "2P"), ("3", 3, "3P"), ("4", 4, "4P")


FAMILIES = [
    Family(
        "BC",
        "breakers",
        "protection",
        "Protection device",
        "Circuit breaker C, {name}",
        "小型断路器 C 型 {name}",
        "6 kA, clear window, both sides take busbars.",
        "6kA 分断、状态窗、上下汇流排。",
        look("breaker"),
        poles(
            *((*row, price) for row, price in zip(FOUR, ("11.80", "24.60", "38.00", "52.00"), strict=True))
        ),
        MCB,
        {"curve": "C", "breaking_capacity": 6, "ip": "IP20"},
        pack=12,
        weight="0.11",
    ),
    Family(
        "BD",
        "breakers",
        "protection",
        "Protection device",
        "Circuit breaker D, {name}",
        "小型断路器 D 型 {name}",
        "For motors and other loads that start hard.",
        "适合电机等冲击负载。",
        look("breaker", toggle="#1f2a37"),
        poles(*((*row, price) for row, price in zip(FOUR[1:], ("29.80", "46.00", "62.00"), strict=True))),
        currents(16, 25, 32, 40, 63),
        {"curve": "D", "breaking_capacity": 6, "ip": "IP20"},
        pack=12,
        weight="0.12",
    ),
    Family(
        "BN",
        "breakers",
        "protection",
        "Protection device",
        "Slim breaker {name}",
        "紧凑断路器 {name}",
        "Phase and neutral in one module.",
        "一位宽度，相线加零线。",
        look("breaker", toggle="#2f9d5c"),
        poles(("1", 1, "1P+N", "16.80")),
        currents(10, 16, 20, 25, 32),
        {"curve": "C", "breaking_capacity": 4.5, "ip": "IP20"},
        pack=12,
        weight="0.1",
    ),
    Family(
        "BR",
        "breakers",
        "protection",
        "Protection device",
        "RCBO {name}, 30 mA",
        "漏电断路器 {name} 30mA",
        "Overload, short circuit and leakage in one.",
        "过载、短路、漏电三合一。",
        look("breaker", residual=True),
        poles(
            ("1", 1, "1P+N", "46.00"),
            ("2", 2, "2P", "58.00"),
            ("3", 3, "3P+N", "98.00"),
            ("4", 4, "4P", "118.00"),
        ),
        currents(16, 20, 25, 32, 40, 63),
        {"curve": "C", "breaking_capacity": 6, "residual_current": 30, "ip": "IP20"},
        pack=6,
        weight="0.22",
    ),
    Family(
        "BI",
        "breakers",
        "protection",
        "Protection device",
        "Isolator {name}",
        "隔离开关 {name}",
        "Safe to work behind it: visible break.",
        "可靠隔离，断点可见。",
        look("breaker", toggle="#d9372a"),
        poles(("2", 2, "2P", "22.00"), ("3", 3, "3P", "32.00"), ("4", 4, "4P", "42.00")),
        currents(63, 100, dearer_from=100),
        {"ip": "IP20"},
        pack=12,
        weight="0.16",
    ),
    Family(
        "BF",
        "breakers",
        "protection",
        "Protection device",
        "Residual current switch {name}",
        "剩余电流动作开关 {name}",
        "Type A, for every circuit people touch.",
        "A 型，适合人员接触回路。",
        look("breaker", residual=True, toggle="#1f2a37"),
        poles(("2", 2, "2P", "76.00"), ("4", 4, "4P", "128.00")),
        currents(25, 40, 63),
        {"residual_current": 30, "ip": "IP20"},
        pack=6,
        weight="0.24",
    ),
    Family(
        "BS",
        "breakers",
        "protection",
        "Protection device",
        "Surge protector {name}",
        "浪涌保护器 {name}",
        "Type 2, plug-in cartridges with an end-of-life flag.",
        "二级防护，可插拔模块带失效指示。",
        look("breaker", toggle="#ee7a1c"),
        poles(
            ("1", 1, "1P", "48.00"),
            ("2", 2, "2P", "86.00"),
            ("3", 3, "3P+N", "148.00"),
            ("4", 4, "4P", "168.00"),
        ),
        (),
        {"ip": "IP20"},
        pack=6,
        weight="0.2",
    ),
    Family(
        "BV",
        "breakers",
        "protection",
        "Protection device",
        "Voltage protector {name}",
        "过欠压保护器 {name}",
        "Switches off outside 170 to 265 V and comes back by itself.",
        "170–265V 之外断开，恢复后自动合闸。",
        look("breaker", residual=True, toggle="#7a5bd0"),
        poles(("2", 2, "2P", "68.00"), ("4", 4, "4P", "138.00")),
        (),
        {"rated_current": 63, "ip": "IP20"},
        pack=6,
        weight="0.2",
    ),
]
