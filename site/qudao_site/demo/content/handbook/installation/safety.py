"""Before the work: dead circuits, places with special rules."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    drawing,
    faq,
    parameters,
    step,
    steps,
    table,
    text,
    topic,
    video,
    warning,
)

ISOLATION = topic(
    "safe-isolation",
    ("Make it dead and prove it", "停电、验电：动手之前"),
    (
        "Five rules in their order. Nobody who keeps them gets a shock.",
        "五条规则按顺序做，做到的人不会触电。",
    ),
    warning(
        "danger",
        ("220 V kills", "220V 足以致命"),
        (
            "Only qualified electricians work on fixed wiring. Working live is never quicker: it is only unfinished.",
            "固定线路只能由持证电工操作。带电作业从来不会更快，只会出事。",
        ),
    ),
    steps(
        ("The five rules", "五步安全作业"),
        step(
            ("Disconnect", "断开"),
            (
                "Isolator or breaker of the circuit off; with two supplies both.",
                "断开该回路的隔离开关或断路器；双电源两路都要断。",
            ),
        ),
        step(
            ("Secure", "防误合"),
            (
                "Lock or tape on the lever, a card with your name and number.",
                "手柄上锁或贴封条，挂牌写明姓名电话。",
            ),
        ),
        step(
            ("Test", "验电"),
            (
                "Tester on a live point, then on the dead one (L–N, L–PE, N–PE), then on the live one again.",
                "验电器先在带电处试，再测停电处（L-N、L-PE、N-PE），最后回带电处复测。",
            ),
            "safe-isolation",
        ),
        step(
            ("Earth", "接地"),
            (
                "Only at panels with feeders above 1 kV or with long parallel lines.",
                "仅在 1kV 以上馈线或长距离并行线路的配电柜需要。",
            ),
        ),
        step(("Cover", "遮挡"), ("Rubber mat over neighbours that stay live.", "邻近带电部位用绝缘垫遮盖。")),
    ),
    text(
        (
            "A pencil with a neon lamp is no tester: it glows from induction and stays dark with dry shoes. Use a two-pole tester of category CAT III 600 V.",
            "试电笔不算验电器：有感应电会误亮，鞋底干燥又可能不亮。请使用 CAT III 600V 双极验电器。",
        ),
    ),
    parameters(("Isolators", "隔离开关"), "LH-BI2 LH-BI3 LH-BI4", "poles rated_current"),
    faq(
        (
            ("The tester shows 90 V on a dead wire.", "断了电还测到 90V？"),
            (
                "Induced by the neighbour in the conduit. A two-pole tester with load makes it collapse; if it stays, it is live.",
                "同管并行线的感应电压。带负载的双极验电器一接就消失；不消失就是真带电。",
            ),
        ),
    ),
    video(
        "safe-isolation",
        ("Proving dead: tester on live, on dead, on live", "验电三步：带电点、停电点、再回带电点"),
        (
            "The breaker of the kitchen is off and locked. The tester lights up at the living room's socket: it works.",
            "厨房断路器已断开上锁。验电器在客厅插座上亮起，说明验电器是好的。",
        ),
        (
            "At the kitchen's socket it stays dark between line and neutral, line and earth, neutral and earth. Back in the living room it lights again. Now the work begins.",
            "在厨房插座火零、火地、零地三次测试都不亮。回客厅再测，又亮了。现在可以开工。",
        ),
    ),
    keywords=("lock out, dead, voltage tester", "挂牌上锁, 试电笔, 断电"),
    kind="installation",
)

ZONES = topic(
    "bathroom-zones",
    ("Bathrooms: zones 0, 1 and 2", "卫生间：0 区、1 区、2 区"),
    ("Where what may hang beside tub and shower.", "浴缸淋浴旁边什么位置能装什么。"),
    drawing(
        "bathroom-zones",
        (
            "Zones around a tub; heights in metres (GB/T 16895.13, IEC 60364-7-701)",
            "浴缸周围区域划分，单位米（GB/T 16895.13，IEC 60364-7-701）",
        ),
    ),
    table(
        ("What may be where", "各区允许的设备"),
        (("Zone", "区域"), ("Where", "范围"), ("At least", "最低防护"), ("Allowed", "允许")),
        ("0", ("in the tub", "浴缸内"), "IPX7", ("12 V SELV made for it", "专用 12V 安全特低压")),
        (
            "1",
            ("above the tub to 2.25 m", "浴缸上方至 2.25 米"),
            "IPX4",
            ("water heater, SELV lights", "热水器、安全特低压灯具"),
        ),
        (
            "2",
            ("0.6 m beside it", "浴缸外 0.6 米"),
            "IPX4",
            ("class II luminaires, fan", "II 类灯具、排风扇"),
        ),
        (
            ("outside", "区外"),
            ("the rest", "其余部分"),
            "IP20",
            ("sockets behind 30 mA", "30mA 漏保后的插座"),
        ),
    ),
    bullets(
        (
            "LH-PK panels (IP44) fit zone 2 and the ceiling above 2.25 m.",
            "厨卫平板灯 LH-PK（IP44）可用于 2 区及 2.25 米以上顶棚。",
        ),
        (
            "LH-SW strips on LH-PW24 may run in zone 1; the driver stays outside all zones.",
            "LH-SW 防水灯带配 LH-PW24 可用于 1 区，电源放在区外。",
        ),
        (
            "All circuits of the room behind one LH-BR of 30 mA; metal pipes and frames joined to the bonding bar by 4 mm².",
            "整个卫生间回路经 30mA 的 LH-BR；金属管道、门框用 4 平方线接等电位端子箱。",
        ),
    ),
    warning(
        "warning",
        ("No socket within 0.6 m", "0.6 米内禁止装插座"),
        (
            "Not even a weatherproof one. The lid is open when it is used.",
            "防水插座也不行，用的时候盖子总是开着的。",
        ),
    ),
    text(
        (
            "A shower without a tray has no zone 0; zone 1 then reaches 1.2 m from the fixed shower head. A glass wall that stands fixed ends the zones, a curtain does not. Above 2.25 m the zones end too, which is why an ordinary LH-DR may hang in a ceiling of 2.6 m but not in one of 2.2 m.",
            "无底盆淋浴没有 0 区，1 区从固定花洒算起 1.2 米。固定玻璃隔断可以截止区域，浴帘不行。2.25 米以上不算区域，所以 2.6 米吊顶可以装普通 LH-DR，2.2 米的不行。",
        ),
    ),
    keywords=("shower, tub, wet room", "浴室, 淋浴, 等电位"),
    kind="reference",
)

CHAPTER = chapter(
    "safety",
    ("Before you begin", "开工之前"),
    ("Dead, proven dead, and the rules of wet rooms.", "断电、验电，以及潮湿场所的规矩。"),
    ISOLATION,
    ZONES,
)
