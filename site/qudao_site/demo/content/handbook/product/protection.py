"""Breakers, residual current devices, surge and voltage protectors."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    drawing,
    faq,
    heading,
    parameters,
    products,
    script,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

CURVES = topic(
    "trip-curves",
    ("Circuit breakers: rated current and curves B, C, D", "断路器：额定电流与 B/C/D 脱扣曲线"),
    (
        "A breaker protects the cable, not the appliance. Choose the amperes by the wire and the curve by the load.",
        "空开保护的是导线，不是电器。额定电流跟着线径走，脱扣曲线跟着负载走。",
    ),
    text(
        (
            "Two releases work inside a miniature circuit breaker (MCB, GB/T 10963.1, IEC 60898-1). The <b>bimetal</b> bends when the current is a little too high for minutes: overload. The <b>coil</b> strikes within a hundredth of a second when it is many times too high: short circuit. The letter says from how many times the rated current on.",
            "小型断路器（MCB，俗称空开，GB/T 10963.1，IEC 60898-1）里有两套脱扣器：<b>双金属片</b>管过载，电流略大、时间一长就弯曲动作；<b>电磁线圈</b>管短路，电流大很多倍时百分之一秒内跳开。字母说的就是从几倍额定电流开始瞬时跳闸。",
        ),
    ),
    drawing(
        "trip-curves",
        ("Time against multiples of rated current for curves B, C and D", "B、C、D 型时间–电流特性曲线"),
    ),
    table(
        ("Instantaneous release", "瞬时脱扣范围"),
        (
            ("Curve", "曲线"),
            ("Holds up to", "不脱扣"),
            ("Trips from", "必脱扣"),
            ("For", "用于"),
            ("With us", "岚禾系列"),
        ),
        ("B", "3 × In", "5 × In", ("long leads, generators", "长线路、发电机"), "–"),
        ("C", "5 × In", "10 × In", ("homes, lighting, sockets", "家居、照明、插座"), "LH-BC, LH-BN, LH-BR"),
        ("D", "10 × In", "20 × In", ("motors, transformers, welders", "电机、变压器、电焊机"), "LH-BD"),
    ),
    text(
        (
            "Overload: at 1.13 × In it must hold for an hour, at 1.45 × In it must trip within the hour. So a 16 A breaker carries 20 A for a long while: that is no fault, and the reason why the wire must stand it.",
            "过载特性：1.13 倍额定电流下一小时内不脱扣，1.45 倍下一小时内必须脱扣。所以 16A 的空开短时间走 20A 不跳是正常的，这也是线径必须留够的原因。",
        ),
    ),
    heading("Breaker and wire", "断路器与线径"),
    table(
        (
            "Largest breaker for copper wire in conduit, 30 °C, one circuit",
            "穿管铜线对应的最大断路器（30℃，单回路）",
        ),
        (("Wire, mm²", "线径 mm²", "number"), ("Breaker, A", "断路器 A", "number"), ("Circuit", "回路")),
        (1.5, 10, ("lighting", "照明")),
        (2.5, 16, ("sockets; 20 A only if alone in its conduit", "插座；单独穿管可用 20A")),
        (4, 25, ("kitchen, air conditioner", "厨房、空调")),
        (6, 32, ("instant water heater, sub-main", "即热式热水器、分干线")),
        (10, 50, ("main of a flat", "入户主线")),
    ),
    warning(
        "danger",
        ("Never a larger breaker because it trips", "跳闸不能靠换大空开解决"),
        (
            "A breaker that trips is telling the truth. A 32 A breaker on 2.5 mm² lets the wire burn before it trips.",
            "跳闸说明线路真有问题。2.5 平方线换上 32A 空开，线烧了它都不跳。",
        ),
    ),
    parameters(
        ("Breakers", "断路器参数"),
        "LH-BC1 LH-BC2 LH-BC3 LH-BC4 LH-BD2 LH-BD3 LH-BD4 LH-BN1",
        "poles curve breaking_capacity rated_current",
    ),
    faq(
        (
            ("The compressor's start trips the C breaker.", "空压机一启动就跳 C 型？"),
            (
                "Starting current is six to eight times rated. Take LH-BD of the same amperes, not a larger C.",
                "启动电流是额定的 6～8 倍，换同电流的 LH-BD（D 型），不要换大一号的 C 型。",
            ),
        ),
        (
            ("Do breakers wear out?", "空开会老化吗？"),
            (
                "10,000 mechanical and 4,000 electrical operations; after one real short circuit check, after three exchange.",
                "机械寿命 1 万次、电气寿命 4000 次；真正分断过一次短路要检查，三次就更换。",
            ),
        ),
    ),
    products(("Breakers", "断路器"), "LH-BC1 LH-BC2 LH-BD2 LH-BN1"),
    keywords=("MCB, circuit breaker, C16, bimetal", "空开, 空气开关, 跳闸, 闸刀"),
    kind="reference",
)

CAPACITY = topic(
    "breaking-capacity",
    ("Breaking capacity, poles, and the slim ones", "分断能力、极数与紧凑型"),
    (
        "4.5 or 6 kA, 1P or 2P, 1P+N: what to put into which box.",
        "4.5kA 还是 6kA，1P、2P 还是 1P+N，什么箱子装什么。",
    ),
    text(
        (
            "<b>Breaking capacity</b> is the largest short-circuit current a breaker can switch off and live. Beside a transformer it may be 10 kA, in a flat on the tenth floor 1.5 kA: every metre of wire lowers it. 6 kA (LH-BC) is right for main boxes, 4.5 kA (LH-BN) for final circuits in flats.",
            "<b>分断能力</b>是断路器能安全切断的最大短路电流。变压器旁可能有 10kA，十楼住户家里只有 1.5kA 左右，每一米电线都在降低它。总箱用 6kA（LH-BC），户内末端回路用 4.5kA（LH-BN）足够。",
        ),
    ),
    table(
        ("Poles", "极数怎么选"),
        (("Poles", "极数"), ("Parts", "断开"), ("Modules", "占位", "number"), ("Use", "用途")),
        ("1P", ("line only", "只断火线"), 1, ("lighting where neutral stays on", "照明，零线不断")),
        (
            "1P+N",
            ("line and neutral in one module", "火零同断，一位宽"),
            1,
            ("final circuits, saves half the box", "末端回路，省一半位置"),
        ),
        (
            "2P",
            ("line and neutral, both protected", "火零同断，双极保护"),
            2,
            ("mains of a flat, water heaters", "入户总开、热水器"),
        ),
        ("3P", ("three lines", "三根火线"), 3, ("motors without neutral", "无零线电机")),
        ("4P", ("three lines and neutral", "三火一零"), 4, ("three-phase mains", "三相进线")),
    ),
    parameters(
        ("Compared", "对比"),
        "LH-BC1 LH-BC2 LH-BN1 LH-BR1 LH-BI2",
        "poles breaking_capacity curve residual_current",
    ),
    script(
        ("Isn't 4.5 kA unsafe? The other shop says 6 is better.", "4.5kA 是不是不安全？隔壁说 6kA 才好。"),
        (
            "It depends where it sits. Behind fifteen metres of 2.5 mm² there is less than 1 kA to break. We put 6 kA where the feeder comes in and the slim 4.5 kA behind it: eleven circuits in a twelve-way box instead of a larger box.",
            "要看装在哪儿。隔着十五米 2.5 平方线，短路电流不到 1kA。我们进线用 6kA，后面用紧凑型 4.5kA，十二位的箱子能装十一路，不用换大箱。",
        ),
        (
            "He compares one figure; show him the whole box and its price.",
            "他只比一个参数，您给他看一整箱的方案和总价。",
        ),
        "LH-BC2 LH-BN1 LH-XF12",
    ),
    script(
        ("I always use 1P, it is the cheapest.", "我一直用 1P，最便宜。"),
        (
            "For lighting that is fine. In the bathroom a swapped neutral keeps the heater live although the breaker is off. 1P+N costs five yuan more and takes the same module.",
            "照明没问题。卫生间要是零火接反，1P 断了热水器照样带电。1P+N 只贵五块钱，占位一样。",
        ),
        ("Give him a reason that protects his own name.", "给他一个保护自己口碑的理由。"),
        "LH-BC1 LH-BN1",
    ),
    keywords=("kA, poles, 1P+N, DPN", "双进双出, 短路电流, 位数"),
    kind="script",
)

RESIDUAL = topic(
    "residual-current",
    ("Leakage protection: RCD and RCBO", "漏电保护：漏保怎么选"),
    (
        "What 30 mA means, why a breaker does not save lives and which type belongs where.",
        "30mA 是什么意思，为什么普通空开救不了人，哪种漏保用在哪里。",
    ),
    text(
        (
            "Through a body flow 50 to 200 mA: enough to kill, far too little for any breaker to notice. A residual current device compares what goes out on the line with what comes back on the neutral. If 30 mA are missing they flow somewhere else, perhaps through a person, and it parts within 0.3 s, at 250 mA within 0.04 s.",
            "人体触电电流 50～200mA，足以致命，对普通空开来说却小得察觉不到。漏电保护器比较火线流出和零线流回的电流，差 30mA 就说明电流走了别的路，可能正流过人体，0.3 秒内断开；差 250mA 时 0.04 秒内断开。",
        ),
    ),
    drawing(
        "rcd-principle",
        (
            "Residual current device: line and neutral through one core; the sum is zero unless current leaks to earth",
            "剩余电流动作原理：火线零线同穿一个铁芯，矢量和为零，漏电时不为零",
        ),
    ),
    table(
        ("Which device", "产品怎么区分"),
        (("Device", "产品"), ("Other names", "别名"), ("Protects from", "保护功能"), ("Standard", "标准")),
        (
            ("RCBO, LH-BR", "漏电断路器 LH-BR"),
            ("leakage breaker", "漏保、漏电开关"),
            ("overload, short circuit, leakage", "过载、短路、漏电"),
            "GB/T 16917.1, IEC 61009-1",
        ),
        (
            ("RCCB, LH-BF", "剩余电流动作开关 LH-BF"),
            ("residual current switch", "电磁式漏电开关"),
            ("leakage only; needs a breaker in front", "只管漏电，前面要有断路器"),
            "GB/T 16916.1, IEC 61008-1",
        ),
        (
            ("MCB, LH-BC", "小型断路器 LH-BC"),
            ("breaker", "空开"),
            ("overload, short circuit", "过载、短路"),
            "GB/T 10963.1, IEC 60898-1",
        ),
    ),
    bullets(
        (
            "<b>Type AC</b> sees sine currents only; <b>type A</b> also pulsating ones, as washing machines, induction hobs and LED drivers leak them. LH-BF is type A.",
            "<b>AC 型</b>只认正弦漏电；<b>A 型</b>还能识别脉动直流，洗衣机、电磁炉、LED 电源漏的就是这种。LH-BF 为 A 型。",
        ),
        (
            "30 mA for people. 100 and 300 mA are for fire and for feeders, not for sockets.",
            "30mA 保护人身；100mA、300mA 用于防火和干线，不能用在插座。",
        ),
        (
            "One device for at most six circuits: every appliance leaks a little, and 9 mA together is the healthy limit.",
            "一个漏保最多带 6 路：每台电器都有一点泄漏，合计不超过 9mA 才不会误跳。",
        ),
    ),
    parameters(
        ("Residual current devices", "漏电保护产品参数"),
        "LH-BR1 LH-BR2 LH-BR3 LH-BR4 LH-BF2 LH-BF4",
        "poles residual_current rated_current breaking_capacity curve",
    ),
    steps(
        ("Test with the customer", "带着客户做一次测试"),
        step(
            ("Press T", "按 T 键"),
            ("It must trip at once. If not, exchange it today.", "应立即跳开；不跳，今天就换。"),
        ),
        step(("Reset", "复位"), ("Blue button in, lever up.", "先按复位钮，再合手柄。")),
        step(
            ("Write the date", "记下日期"),
            (
                "On the inside of the door. Once a month is what the law wants, twice a year is what people do.",
                "写在箱门内侧。规定每月一次，至少半年一次。",
            ),
        ),
    ),
    warning(
        "danger",
        ("It does not help between line and neutral", "同时摸到火线和零线，漏保不会动作"),
        (
            "Touching both is a load like any other for it. Switch off before you work.",
            "对漏保来说那只是一个普通负载。操作前必须断电。",
        ),
    ),
    faq(
        (
            ("It trips when it rains.", "一下雨就跳？"),
            (
                "Water in an outdoor joint or a garden light. Disconnect outdoor circuits one by one.",
                "户外接头或庭院灯进水，把户外回路逐个断开排查。",
            ),
        ),
        (
            ("May the fridge be without?", "冰箱能不能不装漏保？"),
            (
                "A socket needs it. Give the fridge an RCBO of its own so that nobody else's fault thaws it.",
                "插座回路必须有漏保。给冰箱单独一个漏电断路器，别的回路跳了它不受影响。",
            ),
        ),
    ),
    products(("For every socket circuit", "插座回路必备"), "LH-BR1 LH-BR2 LH-BF2 LH-BF4"),
    heading("Living with leakage", "泄漏电流从哪来"),
    text(
        (
            "Every appliance with a metal case and a filter lets a little current flow to earth all day: a computer 1 mA, a washing machine 1.5 mA, an inverter air conditioner 2 mA, an LED driver 0.3 mA, a heating element when cold and damp 3 mA. A device of 30 mA must hold up to 15 mA and may trip from there on. Add up what hangs on one device; above 9 mA make two groups. That is why eleven circuits behind one RCBO trip on the first damp evening of autumn, and why two residual current switches in the box are no luxury.",
            "凡是金属外壳加滤波电路的电器，平时都有一点电流流入大地：电脑 1mA，洗衣机 1.5mA，变频空调 2mA，LED 电源 0.3mA，受潮的电热元件 3mA。30mA 的漏保 15mA 以内不能跳，超过 15mA 就可能跳。把同一漏保后的泄漏加起来，超过 9mA 就要分两组。所以十一路挂在一个漏保上，入秋第一个潮湿的晚上准跳；箱子里装两台剩余电流开关不是浪费。",
        ),
        (
            "Above 30 mA per device there is selectivity: in front of several 30 mA devices stands one of 300 mA type S, which waits 0.13 s so that the small one acts first. In a flat it is not needed; in a house with a garden, a workshop or a heat pump it is.",
            "多级配合：几台 30mA 前面加一台 300mA 延时型（S 型），延时 0.13 秒，让下级先动作。普通住宅用不着，带花园、车间或热泵的别墅需要。",
        ),
    ),
    heading("What to say at the counter", "柜台怎么说"),
    text(
        (
            "“The breaker protects your wires. This protects your daughter.” Then press the T button of the demonstration box. Nobody has ever asked for the cheaper one after that.",
            "“空开保护的是电线，这个保护的是您女儿。”然后按一下展示箱的 T 键。按完以后，没有人再要便宜的那款。",
        ),
    ),
    keywords=("RCD, RCBO, RCCB, GFCI, earth leakage", "漏保, 漏电开关, 触电保护"),
)

SURGES = topic(
    "surge-and-voltage",
    ("Surges, lost neutrals: SPD and voltage protectors", "浪涌与断零：浪涌保护器、过欠压保护器"),
    (
        "Two dangers that burn all appliances at once, and two devices against them.",
        "两种会一次烧光全家电器的危险，两种对应的保护器。",
    ),
    text(
        (
            "<b>Surge</b>: lightning within a kilometre induces several thousand volts for 20 µs. LH-BS (type 2, GB/T 18802.11, IEC 61643-11) leads it to earth. Leads must be short: together at most 0.5 m, every metre adds 1,000 V.",
            "<b>浪涌</b>：一公里内落雷会感应出几千伏、持续 20 微秒的尖峰。LH-BS（二级，GB/T 18802.11，IEC 61643-11）把它引入大地。连接线总长不超过 0.5 米，每多一米就多 1000V 残压。",
        ),
        (
            "<b>Lost neutral</b>: when the neutral of a three-phase feeder breaks, one flat gets 300 V, the next 140. LH-BV2 and LH-BV4 switch off outside 170 to 265 V and return by themselves.",
            "<b>断零</b>：三相四线的零线断了，有的住户变成 300V，有的只剩 140V。LH-BV2、LH-BV4 在 170～265V 之外自动断开，恢复后自动合闸。",
        ),
    ),
    table(
        ("Which one when", "什么情况用哪个"),
        (
            ("Event", "情况"),
            ("Lasts", "持续时间"),
            ("SPD LH-BS", "浪涌保护器 LH-BS"),
            ("Voltage protector LH-BV", "过欠压保护器 LH-BV"),
        ),
        (("Lightning nearby", "附近雷击"), "0.00002 s", ("yes", "有效"), ("too slow", "来不及")),
        (
            ("Lost neutral", "断零"),
            ("hours", "数小时"),
            ("no, it would burn", "无效，会烧毁"),
            ("yes", "有效"),
        ),
        (("Generator starts badly", "发电机启动不稳"), ("seconds", "数秒"), ("no", "无效"), ("yes", "有效")),
        (("Lift motor switches", "电梯启停"), "0.001 s", ("yes", "有效"), ("no", "无效")),
    ),
    parameters(
        ("Protectors", "保护器参数"),
        "LH-BS1 LH-BS2 LH-BS3 LH-BS4 LH-BV2 LH-BV4 LH-BI2",
        "poles rated_current ip",
    ),
    bullets(
        (
            "Green flag: good. Red flag: change the cartridge, the base stays.",
            "绿窗正常；红窗更换模块，底座不动。",
        ),
        (
            "In front of an SPD goes a 32 A C breaker as its backup.",
            "浪涌保护器前端配 32A C 型断路器做后备保护。",
        ),
        (
            "LH-BV2 is being phased out; LH-BF2-63 stands in its place in new boxes together with an SPD.",
            "LH-BV2 逐步停产，新箱用 LH-BF2-63 加浪涌保护器的方案替代。",
        ),
    ),
    products(("Against overvoltage", "过电压防护"), "LH-BS2 LH-BS4 LH-BV4"),
    keywords=("lightning, SPD, overvoltage, lost neutral", "防雷, 避雷, 自复式, 断零"),
)

CHAPTER = chapter(
    "protection",
    ("Breakers and protection", "断路器与保护"),
    ("The part of the house that saves lives.", "一套房子里真正保命的部分。"),
    CURVES,
    CAPACITY,
    RESIDUAL,
    SURGES,
)
