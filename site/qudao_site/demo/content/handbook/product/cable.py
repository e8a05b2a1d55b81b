"""Cables, distribution boxes, meters and contactors."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    downloads,
    faq,
    heading,
    numbered,
    parameters,
    products,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

CABLE = topic(
    "cable-sizes",
    ("Cable: cross-section and current-carrying capacity", "电线电缆：截面与载流量"),
    (
        "Which wire carries what, what heat and neighbours take away, and how far before the voltage drops.",
        "多粗的线走多大电流，高温和并排敷设要打几折，拉多远电压不够。",
    ),
    text(
        (
            "A wire's <b>current-carrying capacity</b> is what it stands for years without its insulation going hard. It depends on copper (mm²), on insulation (PVC 70 °C, XLPE 90 °C), on where it lies and how warm it is there. The table holds for PVC-insulated copper in conduit at 30 °C (GB/T 16895.6, IEC 60364-5-52, method B1) and for YJV cable in conduit (B2).",
            "<b>载流量</b>是导线长年运行、绝缘不老化所能承受的电流，取决于铜截面（mm²）、绝缘材料（PVC 70℃、交联 90℃）、敷设方式和环境温度。下表为 30℃ 下 PVC 铜线穿管（GB/T 16895.6，IEC 60364-5-52，B1）及 YJV 电缆穿管（B2）的数值。",
        ),
    ),
    table(
        ("Current-carrying capacity, A", "载流量（A）"),
        (
            ("mm²", "截面 mm²", "number"),
            ("BV/BVR, 2 loaded wires", "BV/BVR 单相", "number"),
            ("BV/BVR, 3 loaded wires", "BV/BVR 三相", "number"),
            ("YJV, 3 loaded cores", "YJV 三相", "number"),
            ("Watts at 220 V", "220V 功率 W", "number"),
        ),
        (1.5, 17.5, 15.5, 19.5, 3850),
        (2.5, 24, 21, 26, 5280),
        (4, 32, 28, 35, 7040),
        (6, 41, 36, 44, 9020),
        (10, 57, 50, 60, 12540),
    ),
    table(
        ("Multiply by", "修正系数"),
        (
            ("Ambient, °C", "环境温度 ℃", "number"),
            ("PVC", "PVC"),
            ("XLPE", "交联"),
            ("Circuits together", "并排回路数", "number"),
            ("Factor", "系数", "number"),
        ),
        (30, "1.00", "1.00", 1, 1.0),
        (35, "0.94", "0.96", 2, 0.8),
        (40, "0.87", "0.91", 3, 0.7),
        (45, "0.79", "0.87", 4, 0.65),
        (50, "0.71", "0.82", 6, 0.57),
    ),
    heading("Example", "算例"),
    numbered(
        (
            "Three socket circuits of 2.5 mm² in one conduit above a kitchen ceiling, 40 °C.",
            "厨房吊顶内 40℃，三路 2.5 平方插座线同穿一管。",
        ),
        (
            "24 A × 0.87 × 0.7 = 14.6 A. A 16 A breaker is too much.",
            "24A × 0.87 × 0.7 = 14.6A，16A 空开已经偏大。",
        ),
        ("Either 4 mm² (19.5 A) or a conduit for each circuit.", "要么换 4 平方（19.5A），要么一路一管。"),
    ),
    text(
        (
            "Voltage drop on one phase: ΔU = 2 × 0.0225 × length × current ÷ mm². 16 A over 30 m of 2.5 mm²: 8.6 V, 3.9 %. Above 3 % for light, 5 % for other loads take the next size.",
            "单相压降：ΔU = 2 × 0.0225 × 长度 × 电流 ÷ 截面。16A、30 米、2.5 平方：8.6V，约 3.9%。照明超过 3%、其他负载超过 5% 就加大一号。",
        ),
    ),
    bullets(
        (
            "<b>BV</b>, one solid wire: walls, cheapest. <b>BVR</b>, stranded: through bends and into panels; needs ferrules.",
            "<b>BV</b> 单股硬线：埋墙，最省；<b>BVR</b> 多股软线：弯头多、进配电箱，须压接线针。",
        ),
        (
            "<b>RVV</b>: appliances and low voltage, not inside walls without conduit.",
            "<b>RVV</b> 护套线：电器、低压系统，不得无管直埋墙内。",
        ),
        ("<b>YJV</b>: risers and feeders, 90 °C.", "<b>YJV</b> 电力电缆：竖井、干线，90℃。"),
        ("Green-yellow is earth and nothing else. Blue is neutral.", "黄绿双色只能做地线；蓝色做零线。"),
    ),
    parameters(
        ("Wires and cables", "线缆参数"),
        "LH-BV15 LH-BV25 LH-BV40 LH-BV60 LH-BV100 LH-BVR25 LH-RV325 LH-YJ540 LH-YJ5100",
        "cores cross_section voltage",
    ),
    warning(
        "caution",
        ("Full gauge can be weighed", "足不足平方，称一下就知道"),
        (
            "100 m of BV 2.5 mm² hold 2.2 kg of copper. A roll that weighs less than 2.9 kg with its insulation is short.",
            "100 米 BV 2.5 平方净铜重 2.2 公斤。连绝缘总重不到 2.9 公斤的，肯定不足平方。",
        ),
    ),
    downloads(("Take it along", "资料下载"), "parameters"),
    products(("Rolls", "整卷线"), "LH-BV25 LH-BV40 LH-BVR25 LH-YJ560"),
    heading("Why conduit matters", "穿管方式为什么重要"),
    text(
        (
            "Heat must get out. In a conduit inside a wall the same 2.5 mm² carries 24 A; laid in thermal insulation it carries 19.5 A (method A1), clipped to a wall 27 A (method C). Whoever packs mineral wool around a conduit has made the breaker too large without touching it.",
            "热量要散得出去。同样 2.5 平方，墙内穿管 24A；埋在保温层里只剩 19.5A（A1 法）；明敷卡在墙上可到 27A（C 法）。管子外面裹一层岩棉，等于没动空开却把空开配大了。",
        ),
        (
            "Fill a conduit to 40 % of its cross-section at most: three wires of 2.5 mm² in 16 mm, five in 20 mm. More cannot be pulled without hurting the insulation, and nobody will ever pull one out again.",
            "管内导线截面不超过管内截面的 40%：16 管穿 3 根 2.5 平方，20 管穿 5 根。再多穿线会拉伤绝缘，以后也别想抽换。",
        ),
    ),
    faq(
        (
            ("Is solid wire better than stranded?", "硬线比软线好吗？"),
            (
                "Electrically the same. Solid holds in screw terminals without ferrules; stranded goes round bends. Never mix them in one terminal.",
                "电气性能一样。硬线不用线针就能压牢，软线好穿弯；同一端子不要混压。",
            ),
        ),
        (
            ("The customer wants 4 mm² everywhere “to be safe”.", "业主要求全屋 4 平方“保险”？"),
            (
                "It costs a third more, does not fit two into a socket terminal and gains nothing behind a 16 A breaker. Put the money into separate circuits.",
                "贵三分之一，插座端子压不进两根，16A 空开后面也没意义。把钱花在多分几路上。",
            ),
        ),
        (
            ("Aluminium from the old building: may it be joined?", "老房子是铝线，能接铜线吗？"),
            (
                "Only with bimetal connectors in an accessible box. Offer new copper.",
                "只能用铜铝过渡端子，且接头要可检修。最好建议换铜线。",
            ),
        ),
    ),
    keywords=("wire gauge, ampacity, voltage drop", "电线平方, 线径, 载流量表, 铜线"),
    kind="reference",
)

BOXES = topic(
    "boxes-and-backboxes",
    ("Distribution boxes and back boxes", "配电箱与底盒"),
    (
        "Count modules, add a quarter, choose flush, surface or sealed.",
        "数位数、加四分之一、再选暗装明装还是防水。",
    ),
    steps(
        ("Counting", "怎么数位数"),
        step(
            ("Devices", "数器件"),
            (
                "1P and 1P+N one module, 2P two, RCBO 2P four, SPD 2P two, meter four.",
                "1P、1P+N 各一位，2P 两位，漏保 2P 四位，浪涌 2P 两位，电表四位。",
            ),
        ),
        step(
            ("Spare", "留余量"),
            ("A quarter more: the charging point will come.", "再加四分之一，充电桩迟早要装。"),
        ),
        step(
            ("Heat", "看散热"),
            (
                "More than 36 ways or a contactor inside: leave every tenth place free.",
                "36 位以上或箱内有接触器，每十位空一位。",
            ),
        ),
    ),
    table(
        ("Which box", "箱体选型"),
        (("Home", "户型"), ("Circuits", "回路", "number"), ("Box", "推荐")),
        (("One room, rented", "单间出租"), 4, "LH-XS08"),
        (("Two rooms, 70 m²", "两居 70 平"), 8, "LH-XF12"),
        (("Three rooms, 110 m²", "三居 110 平"), 11, "LH-XF18"),
        (("Four rooms, 160 m²", "四居 160 平"), 16, "LH-XG24"),
        (("House with garden", "别墅带花园"), 24, "LH-XG36 + LH-XW08"),
    ),
    parameters(
        ("Boxes", "配电箱参数"),
        "LH-XF12 LH-XF18 LH-XG24 LH-XG36 LH-XS08 LH-XS12 LH-XW08 LH-XW12",
        "modules ip",
    ),
    text(
        (
            "LH-XF15 is discontinued: offer LH-XF18, same depth, 72 mm wider.",
            "LH-XF15 已停产，改推 LH-XF18，深度相同，宽 72 毫米。",
        ),
        (
            "Back boxes by the carton of 200: LH-XB50 for switches and sockets, LH-XB60 where anything electronic goes in, LH-XBC octagonal for ceilings.",
            "底盒整件 200 只：开关插座用 LH-XB50，带电子件的用 LH-XB60，吊顶灯头盒用八角 LH-XBC。",
        ),
    ),
    products(("Boxes", "箱体与底盒"), "LH-XF12 LH-XF18 LH-XS08 LH-XW08 LH-XB50 LH-XB60"),
    heading("Flush, surface, sealed", "暗装、明装还是防水"),
    bullets(
        (
            "<b>Flush (LH-XF, LH-XG)</b>: new walls. The steel box is set flush with the plaster, the frame hides 5 mm of tolerance, the door hangs left or right.",
            "<b>暗装（LH-XF、LH-XG）</b>：新砌墙体。铁箱与抹灰面平齐，面框可遮 5 毫米误差，左右开门可换。",
        ),
        (
            "<b>Surface (LH-XS)</b>: rentals, workshops, anything that is changed. Bars and rail are inside.",
            "<b>明装（LH-XS）</b>：出租房、小作坊、改造项目，箱内已含导轨和端子排。",
        ),
        (
            "<b>Weatherproof (LH-XW)</b>: balconies, gardens, cellars; entries from below, a drain hole in the lowest corner.",
            "<b>防水（LH-XW）</b>：阳台、花园、地下室，下方进线，最低角开泄水孔。",
        ),
    ),
    keywords=("consumer unit, distribution board, 86 box", "强电箱, 暗盒, 空开箱"),
    kind="reference",
)

CONTROL = topic(
    "meters-and-contactors",
    ("Meters, contactors, timers, sensors", "电表、接触器、时控与感应"),
    (
        "Counting for landlords, switching for large groups, light only when somebody is there.",
        "房东要分表，大负载要接触器，人来才亮灯。",
    ),
    text(
        (
            "<b>Meters</b>: LH-EM1 for rooms to let, LH-EM1R and LH-EM3R with RS-485 (Modbus, DL/T 645) for buildings that read from a desk. Class 1; not verified for billing by a utility.",
            "<b>电表</b>：LH-EM1 用于出租屋内部分摊；LH-EM1R、LH-EM3R 带 RS-485（Modbus、DL/T 645），楼宇集中抄表。一级精度，不作为供电公司贸易结算表。",
        ),
        (
            "<b>Contactors</b>: a switch or timer carries the coil, the contactor carries the lamps. For LED count inrush: LH-KM25 takes 30 drivers of 100 W per pole.",
            "<b>接触器</b>：开关或时控只带线圈，灯由接触器带。LED 看冲击电流：LH-KM25 每极带 30 台 100W 电源。",
        ),
        (
            "<b>Timers</b> LH-TMD, LH-TMW switch signs and stairs; 16 A on resistive loads, 4 A on LED. <b>Sensors</b> LH-SEC see 6 m around at 2.8 m height, LH-SEW 10 m ahead.",
            "<b>时控</b> LH-TMD、LH-TMW 控制招牌和楼道，阻性 16A、LED 4A。<b>感应器</b> LH-SEC 在 2.8 米高时覆盖直径 6 米，LH-SEW 正前方 10 米。",
        ),
    ),
    parameters(
        ("Control devices", "控制产品参数"),
        "LH-EM1 LH-EM1R LH-EM3 LH-EM3R LH-KM25 LH-KM40 LH-KM63 LH-TMD LH-TMW LH-SEC LH-SEW",
        "poles output rated_current ip",
    ),
    heading("Power factor", "功率因数"),
    text(
        (
            "LED drivers above 25 W have a power factor of 0.9 or more, small bulbs about 0.5. Factories pay for bad ones on the bill; flats do not notice. A hall with 200 small bulbs wants compensation, one with LH-BP does not.",
            "25W 以上 LED 电源功率因数不低于 0.9，小球泡只有 0.5 左右。工厂功率因数低要罚款，家庭无感。一个车间装 200 只小球泡就得补偿，用 LH-BP 则不必。",
        ),
    ),
    faq(
        (
            ("The contactor hums.", "接触器嗡嗡响？"),
            (
                "Dust on the magnet, or undervoltage below 187 V. LH-KM has a silent DC coil.",
                "铁芯有灰，或电压低于 187V。LH-KM 采用直流静音线圈。",
            ),
        ),
        (
            ("The sensor goes on by itself at night.", "感应灯夜里自己亮？"),
            (
                "Warm air from a unit, or a cat. Turn the sensitivity down, mask the lens.",
                "空调热风或者猫。调低灵敏度，遮住部分透镜。",
            ),
        ),
    ),
    products(("Measure and switch", "计量与控制"), "LH-EM1R LH-KM25 LH-TMW LH-SEC LH-SEW"),
    keywords=("kWh meter, relay, timer, PIR", "电度表, 分表, 人体感应, 定时器"),
)

CHAPTER = chapter(
    "cable-and-control",
    ("Cable, boxes, control", "线缆、箱体与控制"),
    ("What nobody sees and everything hangs on.", "看不见，却全靠它的部分。"),
    CABLE,
    BOXES,
    CONTROL,
)
