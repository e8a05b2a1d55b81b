"""Switches and sockets."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    faq,
    heading,
    numbered,
    parameters,
    products,
    script,
    table,
    text,
    topic,
    warning,
)

SWITCHES = topic(
    "choosing-switches",
    ("Choosing switches", "开关怎么选"),
    (
        "Gangs, one-way or two-way, with or without neutral, and the load it really switches.",
        "几开、单控还是双控、有没有零线，以及它真正带得动多少负载。",
    ),
    numbered(
        ("<b>Gangs</b>: how many circuits, not how many lamps.", "<b>几开</b>看的是几路灯，不是几盏灯。"),
        (
            "<b>One-way or two-way</b>: is there a second place to switch from? A two-way switch also works as a one-way one; the other way round it does not.",
            "<b>单控还是双控</b>：有没有第二个地方要控制？双控可以当单控用，反过来不行。",
        ),
        (
            "<b>Colour</b>: white, champagne, grey; all specials have the same frame.",
            "<b>颜色</b>：白、香槟金、灰，功能件同一边框。",
        ),
        (
            "<b>Back box</b>: 50 mm for switches, 60 mm for dimmers, USB and touch.",
            "<b>底盒</b>：普通开关 50 深，调光、USB、触控用 60 深。",
        ),
    ),
    parameters(
        ("Switches and dimmers", "开关参数"),
        "LH-MS11 LH-MS12 LH-MS13 LH-MS21 LH-MS22 LH-TT1 LH-TT2 LH-MX20A LH-MXCARD",
        "gangs ways rated_current voltage",
    ),
    heading("Loads", "带载能力"),
    table(
        ("What one gang of 10 A switches", "10A 单路开关带载"),
        (("Load", "负载类型"), ("At most, W", "最大 W", "number"), ("Why", "原因")),
        (("Heater, kettle", "电热类"), 2200, ("ohmic", "纯阻性")),
        (("LED lamps", "LED 灯"), 400, ("inrush of drivers", "驱动有冲击电流")),
        (("Old fluorescent, with capacitor", "带补偿电容的荧光灯"), 250, ("capacitor", "电容冲击")),
        (("Fan", "风扇"), 300, ("motor", "电机负载")),
    ),
    text(
        (
            "For water heaters and air conditioners take the double-pole LH-MX20A: it parts line <i>and</i> neutral and carries 20 A. For more than 400 W of LED let the switch drive a contactor (LH-KM25).",
            "热水器、空调用 LH-MX20A 双极开关：火线零线<i>同时</i>断开，额定 20A。LED 灯总功率超过 400W，用开关控制接触器（LH-KM25）。",
        ),
        (
            "<b>Tala</b> (LH-TT) is glass, needs no neutral and at least 3 W of lamp. With less it may glow; a capacitor is in the box.",
            "<b>塔拉</b>（LH-TT）为钢化玻璃触控，单火线即可，灯负载不小于 3W；低于 3W 可能余辉，随附电容可解决。",
        ),
    ),
    faq(
        (
            ("Does the plate fit our existing 86 boxes?", "老的 86 底盒能用吗？"),
            (
                "Yes, screws stand 60.3 mm apart. For broken ears there is the repair piece LH-XBR.",
                "能，孔距 60.3 毫米；底盒耳朵断了用修复器 LH-XBR。",
            ),
        ),
        (
            ("Can a touch switch be wired two-way?", "触控开关能双控吗？"),
            (
                "Not with a second wire. Take Mora two-way, or a motion sensor in the hall.",
                "不能用传统双控线。用墨拉双控，或过道改感应。",
            ),
        ),
    ),
    script(
        ("This switch costs twice what the market stall asks.", "你这开关比市场上贵一倍。"),
        (
            "Press both. Ours has silver contacts and is tested for 40,000 operations at full load; that stall's spring is tired after a year. A flat has thirty switches: the difference is one dinner, once in fifteen years.",
            "您两个都按按看。我们是银触点，满载做过 4 万次通断；那种开关一年弹簧就软了。一套房三十个开关，差价就一顿饭钱，管十五年。",
        ),
        (
            "The hand believes more than a brochure does. Let him press first, then talk of years.",
            "手感比彩页有说服力，先让他按，再讲年限。",
        ),
        "LH-MS11 LH-MS22",
    ),
    products(("Mora and Tala", "墨拉与塔拉"), "LH-MS11 LH-MS12 LH-MS21 LH-MS22 LH-TT1 LH-MD150"),
    keywords=("light switch, rocker, neutral", "墙壁开关, 翘板, 零火线"),
)

SOCKETS = topic(
    "choosing-sockets",
    ("Choosing sockets and outlets", "插座怎么选"),
    (
        "10 or 16 amperes, where a switch helps, USB, floors, rain, and how many per room.",
        "10A 还是 16A、哪里要带开关、USB、地插、防水，以及每个房间留几个。",
    ),
    text(
        (
            "A 16 A plug does not fit a 10 A socket: look at the appliance first. Air conditioners above 1.5 HP, instant water heaters and ovens want LH-MP16 on a circuit of 4 mm².",
            "16A 插头插不进 10A 插座，先看电器插头。1.5 匹以上空调、即热式热水器、烤箱用 LH-MP16，单独回路 4 平方线。",
        ),
    ),
    table(
        (
            "How many outlets (dwelling, beyond the minimum of the code)",
            "住宅插座数量建议（高于规范最低要求）",
        ),
        (
            ("Room", "房间"),
            ("Five holes", "五孔", "number"),
            ("16 A", "16A", "number"),
            ("USB", "USB", "number"),
            ("Data", "弱电", "number"),
        ),
        (("Living room", "客厅"), 6, 1, 1, 2),
        (("Main bedroom", "主卧"), 5, 1, 2, 1),
        (("Second bedroom, study", "次卧、书房"), 5, 1, 1, 2),
        (("Kitchen", "厨房"), 6, 1, 0, 0),
        (("Bathroom", "卫生间"), 2, 1, 0, 0),
        (("Balcony", "阳台"), 1, 0, 0, 0),
    ),
    parameters(
        ("Sockets", "插座参数"),
        "LH-MP5 LH-MP5S LH-MPD10 LH-MP16 LH-MP16S LH-MPU1C LH-MPU2CC LH-WP10 LH-WP16 LH-FS5N",
        "rated_current voltage ports ip",
    ),
    bullets(
        (
            "With a switch (LH-MP5S, LH-MP16S): kettles, washing machines, heaters.",
            "带开关（LH-MP5S、LH-MP16S）：水壶、洗衣机、热水器。",
        ),
        (
            "LH-MPU2CC gives 45 W on one port, 20 + 20 W on two: laptops charge from the wall.",
            "LH-MPU2CC 单口 45W，双口 20+20W，轻薄本直接墙上充。",
        ),
        (
            "Rain and splash: LH-WP closes over the plug, IP66 also while something is plugged in.",
            "户外溅水处用 LH-WP，插着也能合盖，使用状态仍为 IP66。",
        ),
        ("Floor sockets LH-FS are IP44: mopping yes, hosing no.", "地插 LH-FS 为 IP44，可拖地，不可冲水。"),
    ),
    warning(
        "warning",
        ("No adapters for 16 A", "严禁 16A 转 10A"),
        (
            "A heater on an adapter heats a contact made for 10 A to over 100 °C. We do not make adapters and do not replace sockets burnt by them.",
            "大功率电器用转换头插 10A 插座，触点温度会超过 100℃。岚禾不生产转换头，由此烧毁的插座不予保修。",
        ),
    ),
    products(("Best sellers", "走量型号"), "LH-MP5 LH-MP5S LH-MP16 LH-MPU1C LH-MPU2AC LH-WP16"),
    keywords=("outlet, receptacle, power point, USB", "五孔, 面板, 充电插座, 空调插座"),
)

CHAPTER = chapter(
    "wiring-devices",
    ("Switches and sockets", "开关插座"),
    ("What the family touches every day.", "一家人每天都要碰的东西。"),
    SWITCHES,
    SOCKETS,
)
