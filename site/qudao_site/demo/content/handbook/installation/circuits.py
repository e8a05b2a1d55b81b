"""Boxes, switches, sockets: how they are wired."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    drawing,
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

FLAT = topic(
    "wiring-a-flat-box",
    ("The distribution box of a flat", "住宅配电箱接线"),
    (
        "Isolator, surge protector, two RCD groups, eleven circuits: an example to copy.",
        "总开关、浪涌、两组漏保、十一路出线，照着做就行。",
    ),
    drawing(
        "flat-box",
        (
            "Two-row box: isolator Q0, surge protector F0, residual current switches Q1 and Q2, circuits 1 to 11",
            "双排配电箱：总隔离 Q0、浪涌 F0、剩余电流开关 Q1/Q2、回路 1～11",
        ),
    ),
    table(
        ("Circuits of a flat of 110 m²", "110 平方米住宅回路表"),
        (
            ("No.", "回路", "number"),
            ("Circuit", "名称"),
            ("Device", "器件"),
            ("Wire, mm²", "线径 mm²", "number"),
            ("Behind", "上级"),
        ),
        (1, ("Lights day", "照明（客餐厨）"), "LH-BN1-10", 1.5, "Q1"),
        (2, ("Lights night", "照明（卧室）"), "LH-BN1-10", 1.5, "Q2"),
        (3, ("Sockets living room", "插座（客厅）"), "LH-BN1-16", 2.5, "Q1"),
        (4, ("Sockets bedrooms", "插座（卧室）"), "LH-BN1-16", 2.5, "Q2"),
        (5, ("Kitchen worktop", "厨房台面"), "LH-BN1-20", 4, "Q1"),
        (6, ("Oven", "烤箱"), "LH-BN1-20", 4, "Q2"),
        (7, ("Bathroom", "卫生间"), "LH-BR1-16", 2.5, "Q0"),
        (8, ("Water heater", "热水器"), "LH-BR1-25", 4, "Q0"),
        (9, ("Air conditioner living room", "空调（客厅）"), "LH-BN1-20", 4, "Q1"),
        (10, ("Air conditioners bedrooms", "空调（卧室）"), "LH-BN1-16", 2.5, "Q2"),
        (11, ("Fridge", "冰箱"), "LH-BR1-16", 2.5, "Q0"),
    ),
    steps(
        ("Order of work", "接线顺序"),
        step(
            ("Feed the isolator", "进线到总开关"),
            ("LH-BI2-63, L left, N right; tighten to 2.5 Nm.", "LH-BI2-63，左火右零，力矩 2.5 牛·米。"),
        ),
        step(
            ("Surge protector beside it", "旁边装浪涌"),
            (
                "LH-BS2 behind LH-BC2-32, leads below 0.5 m in all.",
                "LH-BS2 前接 LH-BC2-32，连接线合计不超过 0.5 米。",
            ),
        ),
        step(
            ("Two groups", "分两组漏保"),
            (
                "LH-BF2-40 each, so that one fault leaves half the flat lit.",
                "各用一台 LH-BF2-40，一处漏电还有半套房有电。",
            ),
        ),
        step(
            ("Busbars", "上汇流排"),
            (
                "Comb above the breakers; a neutral bar for each group. Neutrals of two groups must never meet.",
                "断路器上端用梳状汇流排，每组一根零排，两组零线绝不能相连。",
            ),
        ),
        step(
            ("Label", "贴标签"),
            ("Names people understand: “Kids' room”, not “C7”.", "写看得懂的名字：“儿童房”，不要写“C7”。"),
        ),
        step(
            ("Tighten again", "复紧"),
            ("After a day, all of them: copper gives way.", "第二天全部复紧一遍，铜线会蠕变。"),
        ),
    ),
    warning(
        "danger",
        ("The neutral mix-up", "零线混接"),
        (
            "A circuit that takes its line from Q1 and its neutral from Q2 trips both for ever. It is the commonest fault in new boxes.",
            "火线取自 Q1、零线接到 Q2，两台漏保会一直跳。新装配电箱一半故障都是它。",
        ),
    ),
    products(("What the example needs", "本例所需器件"), "LH-XG24 LH-BI2 LH-BS2 LH-BF2 LH-BN1 LH-BR1"),
    heading("Why it is divided like this", "为什么这样分"),
    text(
        (
            "Lights and sockets of one room never hang on the same group: whoever drops a toaster into the sink must still see the door. The fridge and the bathroom have devices of their own, directly behind the isolator: the one because nobody notices when it thaws, the other because it trips most often. Kitchen sockets get 4 mm², for kettle and rice cooker together are 4,000 W.",
            "同一房间的照明和插座不放在同一组漏保下：厨房一跳，人还要看得见门。冰箱和卫生间各用独立漏保，直接接在总开关后面：冰箱断电没人发现，卫生间跳得最勤。厨房台面用 4 平方，水壶加电饭煲就有 4000W。",
        ),
        (
            "The isolator is not a breaker. The protection in front of it is the one at the meter, usually C40 or C63; ask the property management before you order. Where the feeder is longer than 25 m measure the loop first, see the tests.",
            "隔离开关不是断路器，它前面的保护在电表箱里，一般是 C40 或 C63，下单前先问物业。进线超过 25 米的先测回路阻抗，见检测一节。",
        ),
        (
            "Leave four modules free: charging point, air conditioner of the study, floor heating. Buyers of flats ask for them within three years, and a full box is then a new box in a finished wall.",
            "留四个空位：充电桩、书房空调、地暖。三年内总有一样会来，箱子满了就得在装修好的墙上换箱。",
        ),
    ),
    keywords=("consumer unit wiring, neutral bar", "强电箱接线, 零排, 汇流排"),
    kind="installation",
)

TWO_WAY = topic(
    "two-way-switching",
    ("One-way, two-way and from three places", "单控、双控与三地控制"),
    ("Stairs, bedroom and corridor, with the wires by colour.", "楼梯、卧室、走廊，按颜色接线。"),
    drawing("one-way", ("One-way: the switch sits in the line", "单控接线：开关接在火线上")),
    drawing(
        "two-way",
        (
            "Two-way: line to the common of the first, lamp to the common of the second, two travellers between",
            "双控接线：火线进第一只公共端，灯接第二只公共端，中间两根联络线",
        ),
    ),
    numbered(
        (
            "Terminal <b>L</b> is the common one; <b>L1</b> and <b>L2</b> carry the travellers.",
            "<b>L</b> 为公共端，<b>L1</b>、<b>L2</b> 接两根联络线。",
        ),
        (
            "Line comes to L of the <i>first</i> switch only; from L of the <i>second</i> a wire leads to the lamp.",
            "火线只进<i>第一只</i>的 L，<i>第二只</i>的 L 出线到灯。",
        ),
        ("Neutral never passes a switch.", "零线永远不进开关。"),
        (
            "Three places: a reversing switch in the travellers of the third place. Mora has none; take sensors or a relay.",
            "三地控制：第三处在联络线中间加双刀双掷换向开关。墨拉系列暂无，可用感应器或继电器方案。",
        ),
    ),
    faq(
        (
            ("Both switches must be down for light.", "两个开关都按下灯才亮？"),
            (
                "Line or lamp sits on L1 instead of L of one of them.",
                "其中一只的公共端接到 L1 上了，换到 L。",
            ),
        ),
        (
            ("Which wires?", "用什么线？"),
            (
                "1.5 mm²: line red, travellers red with tape 1 and 2, switched line red to the lamp, neutral blue, earth green-yellow.",
                "1.5 平方：火线红，联络线红加 1、2 号标，控制线红，零线蓝，地线黄绿。",
            ),
        ),
        (
            ("Can a dimmer be two-way?", "调光开关能双控吗？"),
            (
                "LH-MD in one place, LH-MS21 in the other. Two dimmers: no.",
                "一处 LH-MD，另一处 LH-MS21；两处都用调光不行。",
            ),
        ),
    ),
    products(("For two places", "双控产品"), "LH-MS21 LH-MS22 LH-MS23 LH-MD150 LH-BV15"),
    warning(
        "caution",
        ("Line and travellers in one conduit", "火线与联络线同管"),
        (
            "Never lead the line through one conduit and the way back through another: the loop hums in audio lines and makes RCDs trip. All wires of one circuit go together.",
            "不要火线走一根管、回线走另一根管，形成的大环路会干扰音响、引起漏保误跳。同一回路的线要走在一起。",
        ),
    ),
    keywords=("stair switch, traveller, three-way", "楼梯开关, 一灯双控, 三控"),
    kind="installation",
)

SOCKET_WIRING = topic(
    "wiring-sockets",
    ("Wiring sockets", "插座接线"),
    (
        "Neutral left, line right, earth above; loops, heights, torque.",
        "左零右火上接地，串接方式、高度、力矩。",
    ),
    drawing(
        "socket-rear",
        (
            "Rear of a five-hole socket: N left, PE in the middle, L right as seen from the front",
            "五孔插座背面：正面看左零、中地、右火",
        ),
    ),
    steps(
        ("In ten minutes", "十分钟装好一只"),
        step(
            ("Strip", "剥线"),
            (
                "11 mm, no nick in the copper. Stranded wire gets a ferrule.",
                "剥 11 毫米，不伤铜芯；软线压线针。",
            ),
        ),
        step(
            ("Insert and tighten", "插入拧紧"), ("1.2 Nm; pull every wire once.", "1.2 牛·米，每根线拉一下。")
        ),
        step(
            ("Fold", "盘线"),
            ("In a zigzag behind the device, 120 mm of spare length.", "余线 120 毫米，按之字形折在底盒内。"),
        ),
        step(
            ("Level and close", "找平盖板"),
            (
                "Ears flush with the wall; screws by hand. Power tools break them.",
                "安装耳与墙面齐平，手动拧螺丝，电动起子会拧裂。",
            ),
        ),
        step(
            ("Test", "检测"),
            ("Socket tester for swapped wires, T button for the RCD.", "相位检测器查接线，按 T 键试漏保。"),
        ),
    ),
    table(
        ("Heights above the finished floor", "安装高度（距完成地面）"),
        (("Place", "位置"), ("Metres", "米", "number")),
        (("Ordinary sockets", "普通插座"), 0.3),
        (("Bedside", "床头"), 0.65),
        (("Switches", "开关"), 1.3),
        (("Kitchen worktop", "厨房台面"), 1.1),
        (("Washing machine", "洗衣机"), 1.3),
        (("Air conditioner on the wall", "壁挂空调"), 2.2),
        (("Water heater", "热水器"), 1.8),
    ),
    bullets(
        (
            "Earth loops through the terminal, it is not interrupted by taking a socket out: join by a connector and a tail.",
            "地线不得在插座端子上串接，须用接线端子并头后引一根尾线。",
        ),
        (
            "LH-FS floor sockets: conduit enters from the side, the box is set in mortar level to 1 mm.",
            "地插 LH-FS 侧面进管，盒体砂浆找平误差 1 毫米内。",
        ),
    ),
    warning(
        "caution",
        ("Two conductors per terminal at most", "一个端子最多两根线"),
        (
            "And both of the same size. Three of different sizes come loose within a year.",
            "而且线径要相同。三根粗细不一的线，一年内必松。",
        ),
    ),
    keywords=("line neutral earth, mounting height", "左零右火, 插座高度"),
    kind="installation",
)

NUISANCE = topic(
    "it-trips",
    ("It trips: finding the fault", "跳闸了：怎么查"),
    (
        "Overload, short circuit or leakage: ten minutes with a method instead of an afternoon without.",
        "过载、短路还是漏电，有方法十分钟，没方法一下午。",
    ),
    heading("Listen to how it trips", "先看怎么跳"),
    table(
        ("What the manner tells", "从跳闸方式判断"),
        (("Trips", "现象"), ("Means", "含义"), ("Look for", "查什么")),
        (
            ("at once, with a bang", "一合就跳，有响声"),
            ("short circuit", "短路"),
            ("last work done, drilled wires", "最近动过的地方、打孔伤线"),
        ),
        (
            ("at once, quietly, T button blue out", "一合就跳，无声，蓝钮弹出"),
            ("leakage", "漏电"),
            ("water, heaters, neutral to earth", "进水、电热、零地相碰"),
        ),
        (
            ("after minutes", "几分钟后跳"),
            ("overload", "过载"),
            ("count watts; loose terminal heats the bimetal", "算功率；端子松动发热也会跳"),
        ),
        (
            ("at night, now and then", "半夜偶尔跳"),
            ("added leakage or surges", "泄漏累加或浪涌"),
            ("many drivers on one RCD", "一个漏保带了太多电源"),
        ),
    ),
    steps(
        ("Halving", "二分法查找"),
        step(
            ("All off", "全断"),
            (
                "Breakers behind the RCD off, RCD on. Trips still: neutral fault in the box.",
                "漏保后的断路器全断，合漏保。还跳就是箱内零线问题。",
            ),
        ),
        step(
            ("One by one", "逐路合"),
            (
                "Switch on circuits until it trips. That one stays off, the rest lives.",
                "一路一路合，跳的那路断开，其余恢复供电。",
            ),
        ),
        step(
            ("Unplug", "拔电器"),
            (
                "Everything on that circuit out. Holds: it was an appliance; plug back one by one.",
                "该路电器全部拔掉。不跳就是电器问题，再逐个插回。",
            ),
        ),
        step(
            ("Measure", "测绝缘"),
            (
                "500 V insulation test L+N against PE: below 0.5 MΩ the wiring is guilty. Drivers and SPD off first.",
                "500V 兆欧表测火零对地，低于 0.5MΩ 就是线路问题；先断开电源驱动和浪涌。",
            ),
        ),
    ),
    text(
        (
            'More about why 30 mA and how many circuits: <a href="topic:residual-current">Leakage protection</a>.',
            '30mA 的由来、一个漏保带几路，见<a href="topic:residual-current">漏电保护</a>。',
        ),
    ),
    faq(
        (
            ("Replaced the RCBO and it still trips. Faulty batch?", "换了新漏保还是跳，是不是这批有问题？"),
            (
                "Hardly ever. Take the outgoing wires off: if it holds empty, the device is good.",
                "基本不可能。把出线拆掉空载合闸，能合住就说明漏保没问题。",
            ),
        ),
        (
            ("Trips only when the lift starts.", "电梯一启动就跳？"),
            ("Surge or a D-curve load on a C breaker.", "浪涌干扰，或者冲击负载用了 C 型。"),
        ),
    ),
    keywords=("nuisance tripping, fault finding", "总跳闸, 漏电排查, 绝缘"),
    kind="faq",
)

CHAPTER = chapter(
    "circuits",
    ("Boxes, switches, sockets", "配电箱、开关、插座"),
    ("Wiring by drawing, fault by method.", "照图接线，按法查障。"),
    FLAT,
    TWO_WAY,
    SOCKET_WIRING,
    NUISANCE,
)
