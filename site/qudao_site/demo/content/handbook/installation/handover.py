"""Testing and handing over."""

from __future__ import annotations

from ..shapes import (
    chapter,
    downloads,
    faq,
    heading,
    numbered,
    products,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

TESTS = topic(
    "testing",
    ("Testing before power", "通电前的检测"),
    ("Five measurements and the values that let you sleep.", "五项测量，达到这些数值才能睡得着。"),
    table(
        ("Measurements (GB 50303, IEC 60364-6)", "检测项目（GB 50303，IEC 60364-6）"),
        (("Measure", "项目"), ("With", "仪表"), ("Good", "合格值"), ("Not good? Look at", "不合格查")),
        (
            ("Continuity of earth", "接地连续性"),
            ("ohmmeter 200 mA", "低阻表 200mA"),
            "≤ 1 Ω",
            ("terminals, painted metal", "端子、漆面"),
        ),
        (
            ("Insulation L+N–PE", "绝缘电阻"),
            ("500 V DC", "500V 兆欧表"),
            "≥ 1 MΩ",
            ("SPD and drivers left in", "浪涌、驱动未断开"),
        ),
        (
            ("Polarity of sockets", "插座相位"),
            ("socket tester", "相位检测器"),
            ("all right", "全部正确"),
            ("swapped L and N", "火零接反"),
        ),
        (
            ("RCD trips at 30 mA", "漏保 30mA 动作"),
            ("RCD tester", "漏保测试仪"),
            "≤ 0.3 s",
            ("neutral mixed", "零线混接"),
        ),
        (
            ("RCD holds at 15 mA", "漏保 15mA 不动作"),
            ("RCD tester", "漏保测试仪"),
            ("holds", "不跳"),
            ("leakage of appliances", "电器泄漏"),
        ),
        (
            ("Loop impedance", "回路阻抗"),
            ("loop tester", "回路阻抗表"),
            ("≤ 1.1 Ω for C16", "C16 不大于 1.1Ω"),
            ("long thin wire", "线长线细"),
        ),
    ),
    heading("Why 1.1 Ω", "1.1Ω 从哪来"),
    text(
        (
            "A C16 trips instantly at 10 × 16 = 160 A. With 220 V and a fifth of reserve: 220 × 0.8 ÷ 160 = 1.1 Ω. For C10 it is 1.76 Ω, for D16 0.55 Ω.",
            "C16 瞬时动作电流 10 × 16 = 160A，按 220V 留两成余量：220 × 0.8 ÷ 160 = 1.1Ω。C10 为 1.76Ω，D16 为 0.55Ω。",
        ),
    ),
    warning(
        "note",
        ("Before insulation tests", "测绝缘之前"),
        (
            "Take out SPD cartridges and unplug LED drivers: 500 V makes them look guilty, or kills them.",
            "拔掉浪涌模块、断开 LED 电源，否则读数偏低，甚至损坏器件。",
        ),
    ),
    text(
        (
            "Write the values down while you measure, circuit by circuit; a table that is filled in later in the van is worth nothing in court. Photographs of the meter's display with the label of the circuit beside it take ten seconds each and have ended many a quarrel.",
            "边测边记，一路一行；回到车上再补的记录，打官司一文不值。把仪表读数和回路标签拍在同一张照片里，十秒钟的事，能了结很多扯皮。",
        ),
    ),
    keywords=("insulation test, loop impedance", "摇表, 绝缘电阻, 验收"),
    kind="reference",
)

HANDOVER = topic(
    "handover",
    ("Handing over to the customer", "交付给业主"),
    ("Ten minutes that save ten calls.", "交付时多花十分钟，日后少接十个电话。"),
    steps(
        ("With the customer", "当面交接"),
        step(("Switch everything once", "全部开一遍"), ("He does it, not you.", "让业主自己按。")),
        step(
            ("Press T together", "一起按 T 键"),
            ("He learns where the power comes back.", "让他知道在哪里复位。"),
        ),
        step(
            ("Walk the labels", "对照标签"),
            ("Every name in the box against the room.", "箱内标签逐路对房间。"),
        ),
        step(
            ("Papers", "移交资料"),
            (
                "Test report, warranty form with batches, drawing of the wires in the walls (photographs will do).",
                "检测记录、填好批次的保修卡、墙内管线图（照片也行）。",
            ),
        ),
    ),
    numbered(
        ("Lamps at night only: strips look different by day.", "灯光晚上验收，白天看灯带不准。"),
        ("One spare of each bulb in the box of the meter.", "每种灯泡留一只备用，放在电表箱旁。"),
        ("Your number on the inside of the door.", "箱门内侧贴您的电话。"),
    ),
    faq(
        (
            ("What if he signs nothing?", "业主不肯签字？"),
            ("Send the report by message and keep the read mark.", "微信发检测记录，保留已读截图。"),
        ),
    ),
    downloads(("Forms", "表格下载"), "warranty-form parameters"),
    products(("Spares worth leaving", "建议留备件"), "LH-A60-9 LH-BN1 LH-XBR"),
    text(
        (
            "Say three things before you leave: which breaker is the kitchen's, that the T button belongs to the first Sunday of the month, and that you come back once in the first year without being asked. The third one brings the next job: most customers use that visit to order something.",
            "走之前说三句话：厨房是哪一个空开；每月第一个周日按一次 T 键；第一年我主动回访一次。第三句会带来下一单，大多数客户都会趁回访再添点东西。",
        ),
    ),
    keywords=("acceptance, report, spare parts", "验收, 交房, 备件"),
    kind="installation",
)

CHAPTER = chapter(
    "handover",
    ("Testing and handover", "检测与交付"),
    ("The last hour of the job is the one that is remembered.", "最后一小时决定客户记住什么。"),
    TESTS,
    HANDOVER,
)
