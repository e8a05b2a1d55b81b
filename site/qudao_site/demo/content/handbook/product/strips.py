"""Strips, profiles and their drivers."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    drawing,
    faq,
    heading,
    parameters,
    products,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

STRIPS = topic(
    "choosing-strips",
    ("Choosing strips and profiles", "灯带与型材怎么选"),
    (
        "Points or line, how bright, 12 or 24 volts, wet or dry, and the profile that cools it.",
        "有没有光点、要多亮、12V 还是 24V、干区湿区，以及配什么型材散热。",
    ),
    text(
        (
            "Start with what is seen. If the strip can be seen itself, or in a mirror, stone or lacquer, take <b>COB</b> (LH-SC): a line without dots. If it hides in a cove, LH-S24 with 120 LEDs is enough.",
            "先问灯带看不看得见。能直接看到，或者会映在镜面、石材、烤漆上，就用 <b>COB</b>（LH-SC），没有光点；藏在灯槽里，LH-S24 每米 120 灯足够。",
        ),
    ),
    parameters(
        ("Strips, per metre", "灯带参数（每米）"),
        "LH-S24-60 LH-S24-120 LH-S24-180 LH-S24-240 LH-S12-120 LH-SW-120 LH-SC-320 LH-SC-480 LH-SR-60",
        "power luminous_flux voltage ip cri",
    ),
    table(
        ("How bright for what", "用途与亮度"),
        (("Use", "用途"), ("lm per metre", "每米流明"), ("Family", "推荐系列")),
        (("Skirting, steps, shelf edge", "踢脚、台阶、层板"), "400–500", "LH-S24-60, LH-S12-60"),
        (("Cove, behind the curtain", "灯槽、窗帘盒"), "800–1000", "LH-S24-120, LH-SC-320"),
        (("Main light of a room", "无主灯主照明"), "1400–1900", "LH-S24-240, LH-SC-528"),
        (("Facade outline, bath", "外墙轮廓、浴室"), "800–1700", "LH-SW-120, LH-SW-240"),
        (("Bar, party room", "酒吧、影音室"), ("colour", "彩光"), "LH-SR-96"),
    ),
    heading("12 V or 24 V", "12V 还是 24V"),
    text(
        (
            "Half the current for the same watts, a quarter of the loss: 24 V everywhere except in cabinets where a 12 V sensor or an old driver is already there.",
            "同样功率，24V 电流减半、线损只有四分之一。除了柜内已有 12V 感应器或旧电源，一律用 24V。",
        ),
    ),
    heading("Profiles", "铝型材"),
    text(
        (
            "From 10 W per metre on a strip needs aluminium, or it ages three times as fast. Flat LH-AP-S17 for cabinets, recessed LH-AP-R24 for board, corner LH-AP-C16 at 45°, LH-AP-W35 and larger as lights of their own.",
            "每米 10W 以上必须贴铝型材，否则光衰快三倍。柜内用平装 LH-AP-S17，板材开槽用嵌入 LH-AP-R24，转角用 45° 的 LH-AP-C16，LH-AP-W35 及以上可单独做线形灯。",
        ),
    ),
    bullets(
        (
            "Distance to the diffuser at least the distance between two LEDs, or dots appear.",
            "灯珠到扩散罩的距离不小于灯珠间距，否则有光点。",
        ),
        (
            "LH-S24 is cut every 50 mm, on the line between the copper pads only.",
            "LH-S24 每 50 毫米可裁，只能剪在铜焊盘之间的线上。",
        ),
        ("Sold by whole rolls of 5 m; for 12 m order three rolls.", "按 5 米整卷销售，用 12 米就订 3 卷。"),
    ),
    products(("COB and profiles", "COB 与型材"), "LH-SC-320 LH-SC-480 LH-AP-S17 LH-AP-R24 LH-AP-W35"),
    keywords=("LED tape, light belt, COB, cove", "灯条, 软灯带, 光带, 线条灯"),
)

DRIVERS = topic(
    "sizing-drivers",
    ("Sizing drivers and leads", "驱动电源与低压线怎么配"),
    (
        "Watts plus a fifth, volts at the far end, and where to feed.",
        "功率加两成、末端电压、从哪里进电，三步算清。",
    ),
    steps(
        ("Three steps", "三步计算"),
        step(
            ("Add up", "算总功率"),
            (
                "Metres × watts per metre. 8 m of LH-S24-180: 8 × 14.4 = 115 W.",
                "米数 × 每米功率。8 米 LH-S24-180：8 × 14.4 = 115W。",
            ),
        ),
        step(
            ("Add a fifth", "留两成余量"),
            (
                "115 ÷ 0.8 = 144 W, so LH-PD24-150. A driver that runs full all night is the first to fail.",
                "115 ÷ 0.8 = 144W，选 LH-PD24-150。长期满载的电源最先坏。",
            ),
        ),
        step(
            ("Check the lead", "核对导线压降"),
            (
                "Stay below 3 % between driver and strip: 0.7 V at 24 V. See the table.",
                "电源到灯带的压降控制在 3% 以内，即 24V 系统 0.7V，见下表。",
            ),
            "strip-feed",
        ),
    ),
    table(
        ("Longest lead in metres for 3 % loss at 24 V", "24V 系统 3% 压降时的最大线长（米）"),
        (
            ("Load", "负载"),
            ("RVV 2×1", "RVV 2×1", "number"),
            ("RVV 2×1.5", "RVV 2×1.5", "number"),
            ("RVV 2×2.5", "RVV 2×2.5", "number"),
        ),
        ("48 W (2 A)", 9.7, 14.6, 24.3),
        ("96 W (4 A)", 4.9, 7.3, 12.2),
        ("144 W (6 A)", 3.2, 4.9, 8.1),
        ("192 W (8 A)", 2.4, 3.6, 6.1),
    ),
    drawing(
        "voltage-drop",
        (
            "Voltage along 10 m of 14.4 W/m strip, fed from one end and from both ends",
            "10 米 14.4W/m 灯带沿线电压：单端进电与双端进电",
        ),
    ),
    text(
        (
            "Feed at one end up to 5 m; up to 10 m at both ends or in the middle; longer ones in sections, each with its own lead from the driver. Never chain roll after roll: the copper of the strip is thinner than any lead.",
            "5 米以内单端进电；10 米以内双端或中间进电；更长就分段，每段单独从电源拉线。不要一卷接一卷串下去，灯带本身的铜箔比任何导线都细。",
        ),
    ),
    parameters(
        ("Drivers", "电源参数"),
        "LH-PD24-60 LH-PD24-100 LH-PD24-150 LH-PD24-200 LH-PD12-60 LH-PW24-100 LH-PW24-200 LH-PR24-120",
        "power output ip dimmable",
    ),
    bullets(
        (
            "LH-PD24: dry rooms, dimmable, flicker-free at every level.",
            "LH-PD24：干燥室内，可调光，全程无频闪。",
        ),
        (
            "LH-PW24: potted, IP67, outdoors and baths. Not dimmable.",
            "LH-PW24：灌胶 IP67，户外与浴室，不可调光。",
        ),
        (
            "LH-PR24: on the rail in a panel, two may run in parallel.",
            "LH-PR24：导轨安装在控制箱内，可两台并联。",
        ),
    ),
    warning(
        "caution",
        ("Inrush", "冲击电流"),
        (
            "A driver draws up to 60 A for a quarter of a millisecond when switched on. At most 8 drivers of 100 W behind a 10 A C breaker, 13 behind a 16 A one.",
            "电源上电瞬间冲击电流可达 60A、持续约 0.25 毫秒。10A C 型断路器后最多带 8 台 100W 电源，16A 最多 13 台。",
        ),
    ),
    products(("Drivers and leads", "电源与导线"), "LH-PD24-100 LH-PD24-150 LH-PW24-100 LH-RV215 LH-RV225"),
    keywords=("power supply, transformer, voltage drop", "变压器, 镇流器, 压降, 电源功率"),
)

STRIP_TROUBLE = topic(
    "strip-faults",
    ("Strip faults: find them by looking", "灯带故障：看现象找原因"),
    (
        "Dark end, one dead segment, flicker, wrong colour, loose glue.",
        "尾端发暗、一节不亮、闪烁、色差、脱胶，对症处理。",
    ),
    table(
        ("Symptom, cause, remedy", "现象、原因与处理"),
        (("You see", "现象"), ("Cause", "原因"), ("Do", "处理")),
        (
            ("The far end is darker or yellower", "尾端偏暗或发黄"),
            ("voltage drop", "压降过大"),
            ("feed the other end as well", "另一端补电"),
        ),
        (
            ("One piece of 50 mm is dark", "一小节 5 厘米不亮"),
            ("one LED or resistor broken, usually by bending", "灯珠或电阻断裂，多因折弯"),
            ("cut out, join with a clip", "剪掉该节，用卡扣连接"),
        ),
        (
            ("All flicker, about once a second", "整条约每秒闪一次"),
            ("driver overloaded, protects itself", "电源过载保护"),
            ("larger driver or less strip", "换大功率电源或减少米数"),
        ),
        (
            ("Flickers only when dimmed", "只在调光时闪"),
            ("dimmer for mains lamps in front of the driver", "电源前接了普通调光开关"),
            ("dim with PWM behind the driver", "改为电源后 PWM 调光"),
        ),
        (
            ("Half the strip another white", "前后半段颜色不一样"),
            ("two batches", "两个批次混用"),
            ("exchange one roll, same batch", "更换为同批次"),
        ),
        (
            ("Falls off after a month", "一个月后脱落"),
            ("dust under the glue", "粘贴面有灰"),
            ("clean with alcohol, clips every 500 mm", "酒精擦净，每 50 厘米加卡子"),
        ),
        (
            ("Sealed strip milky inside", "防水灯带内部发白"),
            ("cut end not sealed", "剪口未封堵"),
            ("new end cap and silicone", "换堵头并打硅胶"),
        ),
    ),
    faq(
        (
            ("Can I solder instead of clips?", "能焊接吗，还是必须用卡扣？"),
            (
                "Solder is better: 350 °C, two seconds per pad, lead-free tin. Clips are for the ladder.",
                "焊接更好：350℃，每个焊盘 2 秒，无铅锡丝。卡扣是给站在梯子上的人用的。",
            ),
        ),
        (
            ("The customer has already thrown away the box. Warranty?", "客户包装扔了还能保修吗？"),
            (
                "The batch is printed on the back of the strip every metre. A photograph of it is enough.",
                "灯带背面每米印有批次号，拍照即可。",
            ),
        ),
    ),
    text(
        (
            'Before you send anything back, measure the voltage at the driver\'s output and at the last LED. Two figures decide nine of ten cases; see <a href="topic:sizing-drivers">sizing drivers</a>.',
            '寄回之前先量两个电压：电源输出端和最后一颗灯珠处。十有八九靠这两个数就能判断，参见<a href="topic:sizing-drivers">驱动电源怎么配</a>。',
        ),
    ),
    keywords=("strip dark at the end, flicker, dead LEDs", "灯带不亮, 后半段暗, 闪"),
    kind="faq",
)

CHAPTER = chapter(
    "strips",
    ("Strips, profiles, drivers", "灯带、型材与电源"),
    ("Lines of light, and what feeds them.", "线性光，以及给它供电的那一头。"),
    STRIPS,
    DRIVERS,
    STRIP_TROUBLE,
)
