"""Light basics: brightness, colour, rendering; and the chapter."""

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
from . import comfort

BRIGHTNESS = topic(
    "brightness",
    ("How bright is it? Lumens, watts, lux", "到底有多亮：光通量、功率与照度"),
    (
        "Customers ask for watts and mean brightness. Lumens say how much light there is, lux how much arrives.",
        "客户开口问“多少瓦”，心里想的是“够不够亮”。流明说的是发出多少光，勒克斯说的是照到多少光。",
    ),
    text(
        (
            "A <b>watt</b> is what the meter counts. A <b>lumen</b> (lm) is the light a lamp gives off in all directions. <b>Lux</b> (lx) is what arrives on one square metre of desk, counter or floor. Two lamps of 9 W may differ by a third in lumens, so compare lumens, never watts.",
            "<b>瓦（W）</b>是电表上走的数；<b>流明（lm）</b>是灯向四周发出的全部光，即光通量；<b>勒克斯（lx）</b>是落到每平方米桌面、柜台、地面上的光，即照度。同样 9W 的两只灯，光通量可能相差三分之一，所以比亮度要比流明，不要比瓦数。",
        ),
        (
            "Lumens divided by watts is the <b>efficacy</b> (lm/W). It says what light costs to run. Our bulbs give about 100 lm/W, the street lights 140 lm/W.",
            "流明除以瓦数就是<b>光效（lm/W）</b>，它决定用电成本。岚禾球泡约 100 lm/W，路灯达到 140 lm/W。",
        ),
    ),
    heading("What replaces the old bulb", "替换老光源怎么对应"),
    table(
        ("LED instead of the old lamp, same light", "亮度相当的 LED 替换表"),
        (
            ("Old incandescent", "白炽灯"),
            ("Energy saver", "节能灯"),
            ("Light, lm", "光通量 lm", "number"),
            ("LED", "对应 LED"),
        ),
        ("40 W", "9 W", 470, "LH-A60-5"),
        ("60 W", "13 W", 680, "LH-A60-7"),
        ("75 W", "18 W", 900, "LH-A60-9"),
        ("100 W", "23 W", 1250, "LH-A60-12"),
        ("120 W", "28 W", 1560, "LH-A60-15"),
    ),
    heading("How much light a room wants", "各类空间要多少照度"),
    table(
        ("Maintained illuminance on the working plane", "工作面维持平均照度"),
        (
            ("Room", "场所"),
            ("Illuminance, lx", "照度 lx", "number"),
            ("W/m² with LED", "LED 功率密度 W/m²", "number"),
        ),
        (("Living room", "起居室"), 100, 2),
        (("Bedroom", "卧室"), 75, 2),
        (("Kitchen worktop", "厨房操作台"), 150, 3),
        (("Corridor, stairs", "走廊、楼梯"), 75, 2),
        (("Ordinary office, classroom", "普通办公室、教室"), 300, 6),
        (("Supermarket, bright shop", "超市、明亮商铺"), 500, 10),
        (("Warehouse", "仓库"), 100, 3),
        (("Car park", "车库"), 50, 2),
    ),
    text(
        (
            "A rule for the counter: <b>lumens needed = lux × square metres ÷ 0.6</b>. The 0.6 allows for walls that swallow light and for dust. A classroom of 60 m² at 300 lx wants 30,000 lm: nine LH-PE-0606 panels of 3,600 lm each.",
            "柜台速算公式：<b>所需流明 = 照度 × 面积 ÷ 0.6</b>，0.6 是墙面吸光和积灰的综合折减。60 平方米教室按 300 lx 算，需要 30000 lm，也就是 9 块 3600 lm 的 LH-PE-0606 面板灯。",
        ),
    ),
    faq(
        (
            (
                "Why is my new 9 W bulb darker than the old 9 W energy saver?",
                "为什么新买的 9W LED 反而没有以前的 9W 节能灯亮？",
            ),
            (
                "Ours is not: 9 W gives 900 lm, a 9 W energy saver about 470 lm. Look whether the shade is dirty or the bulb is one of the cheap ones without lumens on the box.",
                "岚禾 9W 球泡是 900 lm，9W 节能灯只有 470 lm 左右，不会更暗。先看灯罩是不是脏了，再看买的是不是包装上没标流明的杂牌。",
            ),
        ),
        (
            ("Does light fade with the years?", "用几年会不会变暗？"),
            (
                "Every LED fades slowly. Life is counted until 70 % of the light is left (L70): 25,000 hours for bulbs, 50,000 for project lighting.",
                "所有 LED 都会缓慢光衰。寿命按剩余 70% 光通量计（L70）：球泡 25000 小时，工程照明 50000 小时。",
            ),
        ),
    ),
    products(("The bulbs of the table", "表中对应球泡"), "LH-A60-5 LH-A60-7 LH-A60-9 LH-A60-12 LH-A60-15"),
    keywords=(
        "lumen, lux, wattage, efficacy, replacement for incandescent",
        "流明, 照度, 瓦数, 光效, 节能灯替换",
    ),
    kind="reference",
)

COLOUR = topic(
    "colour-temperature",
    ("Warm, neutral, cool: colour temperature", "暖光、自然光、正白：色温怎么选"),
    (
        "3000 K, 4000 K, 6500 K: what the figures mean and which room wants which.",
        "3000K、4000K、6500K 分别是什么感觉，哪个房间用哪种光。",
    ),
    text(
        (
            "Colour temperature says how white light looks, in kelvin (K). A low figure is warm and yellowish, a high one cool and bluish. It says nothing about brightness.",
            "色温用开尔文（K）表示白光偏黄还是偏蓝：数字小偏暖，数字大偏冷。色温跟亮度没有关系。",
        ),
    ),
    drawing(
        "colour-scale",
        (
            "Colour temperature from candle light to a clear sky; our three tones are marked",
            "从烛光到晴空的色温标尺，圆点为岚禾的三种光色",
        ),
    ),
    table(
        ("Which tone for which place", "不同场所的光色推荐"),
        (("Place", "场所"), ("Tone", "推荐光色"), ("SKU ends in", "货号尾缀"), ("Because", "理由")),
        (
            ("Bedroom, restaurant, hotel room", "卧室、餐厅、酒店客房"),
            ("3000 K warm white", "3000K 暖白"),
            "-30",
            ("calms, flatters skin and food", "放松，皮肤和菜品好看"),
        ),
        (
            ("Living room, shop, office", "客厅、商铺、办公室"),
            ("4000 K neutral white", "4000K 自然光"),
            "-40",
            ("awake without being cold, colours stay true", "清醒不刺冷，颜色不偏"),
        ),
        (
            ("Garage, workshop, car park", "车间、仓库、车库"),
            ("6500 K cool white", "6500K 正白"),
            "-65",
            ("feels brightest per lumen, shows detail", "同样流明感觉最亮，细节清楚"),
        ),
    ),
    warning(
        "caution",
        ("One room, one tone, one batch", "同一空间、同一光色、同一批次"),
        (
            "Mixed tones in one ceiling are the commonest complaint after handover. Order all lamps of a room together; the batch is printed on the carton. Within one batch our lamps stay inside 5 SDCM.",
            "交付后最常见的投诉就是“一个吊顶上的灯颜色不一样”。同一房间的灯要一次订齐，批次号印在箱唛上；岚禾同批次色容差在 5 SDCM 以内。",
        ),
    ),
    text(
        (
            "The Aura ceiling lights (LH-CG) change tone at the wall switch: off and on again within three seconds goes from warm to neutral to cool. They are the answer for couples who cannot agree.",
            "光环系列吸顶灯（LH-CG）可以用墙壁开关切换色温：三秒内关再开，依次在暖白、自然光、正白之间切换。夫妻意见不统一时，推荐它准没错。",
        ),
    ),
    faq(
        (
            ("Is cool white bad for the eyes?", "正白光伤眼睛吗？"),
            (
                "All our lamps are in risk group 0 or 1 for blue light (GB/T 20145). In the evening warm light is easier to fall asleep after; that is about rest, not damage.",
                "岚禾灯具蓝光危害均为 RG0 或 RG1（GB/T 20145）。晚上建议用暖光，是因为更利于入睡，并不是正白光会损伤视力。",
            ),
        ),
        (
            ("The northern customer wants cool white everywhere. Argue?", "北方客户全屋都要正白，要不要劝？"),
            (
                "Show both in the shop, side by side, on a face and on a plate of fruit. If he still wants cool white, sell cool white.",
                "在店里把两种光并排打在脸上和水果上让他看。看完还是要正白，就卖正白。",
            ),
        ),
    ),
    keywords=("kelvin, CCT, warm white, daylight", "开尔文, 暖黄, 中性光, 冷白, 双色温"),
)

RENDERING = topic(
    "colour-rendering",
    ("Do colours look right? CRI, R9 and SDCM", "颜色准不准：显色指数 Ra、R9 与色容差"),
    (
        "Why meat looks grey under one lamp and fresh under another, and how to prove it in the shop.",
        "为什么同一块肉在这盏灯下发灰、那盏灯下新鲜，以及怎么在店里当场证明。",
    ),
    text(
        (
            "The <b>colour rendering index</b> (CRI, Ra) compares how eight test colours look under a lamp and under daylight; 100 is the same. <b>R9</b> is the deep red that is not among the eight, and the one that skin, meat and wood need.",
            "<b>显色指数（CRI，Ra）</b>比较 8 个标准色在灯下和日光下的差别，100 表示完全一样。<b>R9</b> 是不在这 8 个里面的深红色，皮肤、鲜肉、木纹好不好看就靠它。",
        ),
    ),
    parameters(
        ("Colour rendering of our families", "各系列显色指数一览"),
        "LH-A60-9 LH-T8-12 LH-GU10-5 LH-DR-9 LH-CR-24 LH-SC-480 LH-DA-10 LH-DT-20",
        "cri luminous_flux power",
    ),
    bullets(
        (
            "<b>Ra 80</b>: garages, corridors, storage, streets (70 is enough there).",
            "<b>Ra 80</b>：车库、走廊、仓储；道路 70 即可。",
        ),
        (
            "<b>Ra 90</b>: homes, schools, offices with people all day. From here R9 is above 50.",
            "<b>Ra 90</b>：住宅、教室、长时间有人的办公室，R9 大于 50。",
        ),
        ("<b>Ra 95</b>: fashion, meat, jewellery, galleries.", "<b>Ra 95</b>：服装、生鲜、珠宝、画廊。"),
    ),
    steps(
        ("Prove it in one minute", "一分钟现场演示"),
        step(
            ("Two lamps", "两盏灯"),
            (
                "Hang an LH-A60-9 and an LH-GU10-5 side by side, same tone.",
                "并排点亮一只 LH-A60-9 和一只 LH-GU10-5，光色一致。",
            ),
        ),
        step(
            ("Something red", "放红色物品"),
            ("Hold a red packet or your own hand under both.", "把红包或自己的手放到两盏灯下。"),
        ),
        step(("Wait", "停三秒"), ("Say nothing. The customer will say it.", "别说话，让客户自己说出来。")),
    ),
    text(
        (
            "<b>SDCM</b> (colour tolerance, MacAdam steps) tells how alike two lamps of the same type are. Below 3 nobody sees a difference, below 5 only side by side on a white wall. Strips LH-S24 come from one bin per roll.",
            "<b>色容差（SDCM）</b>说的是同型号两盏灯的颜色差别：3 以内肉眼看不出，5 以内只有并排打在白墙上才看得出。LH-S24 灯带整卷同一色批。",
        ),
        (
            "High rendering costs light: an Ra 95 spot gives about 8 % fewer lumens per watt than an Ra 80 one. That is physics, not a poor chip; say so before the customer compares the labels.",
            "显色越高光效越低：Ra 95 射灯每瓦流明比 Ra 80 低 8% 左右，这是物理规律，不是芯片差。最好在客户自己对比参数之前先说明白。",
        ),
    ),
    keywords=("CRI, Ra, R9, SDCM, MacAdam", "显指, 色差, 还原度"),
)

CHAPTER = chapter(
    "light-basics",
    ("Light basics", "光的基础"),
    ("Six ideas that explain every label.", "看懂所有标签，只需六个概念。"),
    BRIGHTNESS,
    COLOUR,
    RENDERING,
    comfort.GLARE,
    comfort.DIMMING,
    comfort.PROTECTION,
)
