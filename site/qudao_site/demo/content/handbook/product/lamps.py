"""Bulbs, downlights, spots, panels and ceiling lights: choosing and explaining them."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    downloads,
    drawing,
    faq,
    heading,
    numbered,
    parameters,
    products,
    table,
    text,
    topic,
    warning,
)

BULBS = topic(
    "choosing-bulbs",
    ("Choosing bulbs", "球泡怎么选"),
    (
        "Base, shape, light, tone: four questions and the carton is found.",
        "灯头、外形、亮度、光色，四个问题锁定型号。",
    ),
    numbered(
        (
            "<b>Which base?</b> E27 is the large screw, E14 the small one, GU10 two pins that turn.",
            "<b>什么灯头？</b>E27 大螺口，E14 小螺口，GU10 双脚旋转卡口。",
        ),
        (
            "<b>Is the bulb seen?</b> Then filament (LH-FA60, LH-FG125) or globe (LH-G95); otherwise A60.",
            "<b>灯泡露不露在外面？</b>露在外面选灯丝泡（LH-FA60、LH-FG125）或龙珠泡（LH-G95），看不见就用 A60。",
        ),
        (
            "<b>Closed shade?</b> Heat stays inside: take one size smaller and at most 9 W.",
            "<b>灯罩是不是全封闭？</b>热量散不出去，功率降一档，最大不超过 9W。",
        ),
        (
            "<b>Dimmer in the wall?</b> Only the filament families dim.",
            "<b>墙上是不是调光开关？</b>只有灯丝泡系列可调光。",
        ),
    ),
    parameters(
        ("Bulbs at a glance", "球泡参数对照"),
        "LH-A60-9 LH-C37-5 LH-G95-12 LH-FA60-6 LH-FC35-4 LH-GU10-5 LH-T-38",
        "base power luminous_flux cri beam_angle dimmable",
    ),
    heading("Where which", "各系列的位置"),
    text(
        (
            "<b>A60</b> is what leaves the shop by the carton: rentals, corridors, table lamps. <b>C37</b> goes into chandeliers; count the arms before you count the price. <b>GU10</b> with 36° lights shop windows. <b>T</b> are the big ones for markets and workshops where an energy saver of 65 W hung.",
            "<b>A60</b> 是走量款，出租房、过道、台灯整箱拿。<b>C37</b> 用在水晶灯上，报价前先数灯臂。<b>GU10</b> 光束角 36°，打橱窗正好。<b>T 系列</b>用在菜市场、车间，替换 65W 节能灯。",
        ),
        (
            "LH-T-28 is discontinued; LH-T-38 replaces it, gives a third more light and fits the same holder.",
            "LH-T-28 已停产，由 LH-T-38 替代，亮度提高三分之一，灯座通用。",
        ),
    ),
    faq(
        (
            ("Can the bulb hang in the bathroom?", "卫生间能用吗？"),
            (
                "Inside a closed luminaire of IP44 or more, yes. Bare, no.",
                "装在 IP44 以上的密闭灯具里可以，裸装不行。",
            ),
        ),
        (
            ("How long do they last?", "能用多久？"),
            (
                "25,000 hours: at five hours a day more than thirteen years. Heat halves it.",
                "25000 小时，每天点 5 小时可用 13 年以上；散热不良寿命减半。",
            ),
        ),
        (
            ("Why is the bulb buzzing?", "灯泡嗡嗡响？"),
            (
                "It sits on a dimmer it was not made for. Exchange the bulb or the dimmer.",
                "接在了不匹配的调光开关上，换灯或换开关。",
            ),
        ),
    ),
    products(("Filament family", "灯丝泡系列"), "LH-FA60-4 LH-FA60-6 LH-FA60-8 LH-FG125-8"),
    keywords=("light bulb, lamp, E27, E14, GU10", "灯泡, 球泡灯, 螺口, 灯头"),
)

DOWNLIGHTS = topic(
    "choosing-downlights",
    ("Choosing downlights", "筒灯怎么选"),
    (
        "Cut-out, height above the ceiling, glare, tone, and how many.",
        "开孔、吊顶高度、防眩、光色，以及该装几盏。",
    ),
    drawing(
        "downlight-section",
        (
            "Recessed downlight: cut-out D, height H, clip for boards of 3 to 25 mm",
            "嵌入式筒灯尺寸：开孔 D、安装高度 H、弹簧卡适配 3～25mm 板材",
        ),
    ),
    table(
        ("Cut-outs and heights, mm", "开孔与高度（毫米）"),
        (
            ("Model", "型号"),
            ("Cut-out D", "开孔 D", "number"),
            ("Height H", "高度 H", "number"),
            ("Trim", "面环外径", "number"),
            ("Light, lm", "光通量 lm", "number"),
        ),
        ("LH-DR-5", 75, 58, 88, 400),
        ("LH-DR-7", 75, 58, 88, 600),
        ("LH-DR-9", 95, 66, 110, 800),
        ("LH-DR-12", 120, 74, 138, 1100),
        ("LH-DR-18", 150, 86, 170, 1700),
        ("LH-DS-6", 105, 12, 120, 480),
        ("LH-DS-12", 155, 12, 170, 1020),
        ("LH-DS-24", 280, 12, 300, 2100),
    ),
    text(
        (
            "Measure the space above the board first. Below 70 mm only the slim LH-DS fits; with 90 mm and more take LH-DR, whose source sits 35 mm deep and does not dazzle.",
            "先量吊顶内空。不到 70 毫米只能用超薄的 LH-DS；有 90 毫米以上就用 LH-DR，光源下沉 35 毫米，不晃眼。",
        ),
        (
            "How many? One LH-DR-7 for every 2 to 2.5 m² as the only light, one for every 4 m² beside a ceiling light. First row 0.8 m from the wall, then every 1.2 to 1.5 m.",
            "装几盏？做主照明按 2～2.5 平方米一盏 LH-DR-7，配合吸顶灯按 4 平方米一盏。第一排离墙 0.8 米，间距 1.2～1.5 米。",
        ),
    ),
    parameters(
        ("LH-DR against LH-DS", "LH-DR 与 LH-DS 对比"),
        "LH-DR-7 LH-DR-9 LH-DR-12 LH-DS-9 LH-DS-12 LH-DS-18",
        "power luminous_flux beam_angle cri",
    ),
    warning(
        "warning",
        ("No mineral wool on top", "灯体上方不得覆盖保温棉"),
        (
            "Keep 50 mm free on all sides and never cover the housing: heat kills the driver within a year.",
            "灯体四周留 50 毫米空间，不得覆盖岩棉、玻璃棉；捂热的驱动一年内必坏。",
        ),
    ),
    downloads(("Cut-out templates and parameters", "参数表下载"), "parameters"),
    products(("Recessed and slim", "嵌入式与超薄"), "LH-DR-5 LH-DR-7 LH-DR-9 LH-DR-12 LH-DS-9 LH-DS-12"),
    faq(
        (
            ("Is 7 W enough for a living room?", "客厅用 7W 够不够？"),
            (
                "As part of a set, yes: count lumens for the room, not watts for the lamp. A living room of 25 m² beside a ceiling light takes six.",
                "要看整体，按房间算流明而不是按单灯看瓦数。25 平方米客厅有吸顶灯时，六盏就够。",
            ),
        ),
        (
            ("Can the hole be made larger later?", "孔开小了能扩吗？"),
            (
                "Larger yes, smaller no. When two sizes fit, cut the smaller one first.",
                "能扩不能缩，两个尺寸拿不准时先开小的。",
            ),
        ),
    ),
    keywords=("recessed light, cut-out, hole size", "牛眼灯, 天花灯, 孔灯, 开孔尺寸"),
)

SPOTS = topic(
    "track-and-spots",
    ("Spots, cylinders and tracks for shops", "商铺用射灯、明装筒灯与轨道灯"),
    (
        "Light that sells: three layers, contrast, and the right reflector.",
        "会卖货的光：三层布光、明暗对比、选对反光杯。",
    ),
    text(
        (
            "A shop needs three layers: base light (300 to 500 lx), accents on goods (three to five times as bright), and something for the wall. People walk to where it is bright; an even ceiling makes everything look cheap.",
            "商铺布光分三层：基础照明 300～500 lx，商品重点照明是它的 3～5 倍，再加墙面光。人会往亮处走，整个顶面一样亮，商品反而显得廉价。",
        ),
    ),
    table(
        ("Which spot for which goods", "不同业态选灯"),
        (("Shop", "业态"), ("Family", "系列"), ("Beam", "光束角"), ("Remark", "说明")),
        (
            ("Fashion", "服装店"),
            "LH-DT",
            "24°",
            ("on tracks: the window changes every two weeks", "用轨道，橱窗两周一换"),
        ),
        (("Jewellery", "珠宝店"), "LH-DA", "15°", ("4000 K on request for silver", "银饰可订 4000K")),
        (
            ("Bakery, meat", "烘焙、生鲜"),
            "LH-DA",
            "38°",
            ("3000 K, Ra 95, no extra pink tubes", "3000K、Ra95，不必用违规的生鲜灯"),
        ),
        (("Café", "咖啡馆"), "LH-DC", "36°", ("black cans on a black ceiling", "黑顶配黑色筒身")),
        (("Gallery", "画廊"), "LH-DT", "24°", ("tilt 30° from the vertical", "与垂线成 30°")),
    ),
    parameters(
        ("Spots compared", "射灯参数对比"),
        "LH-DA-10 LH-DA-15 LH-DC-10 LH-DT-20 LH-DT-30 LH-DT-40",
        "power luminous_flux beam_angle cri colour_temperature",
    ),
    heading("Tracks", "轨道"),
    bullets(
        (
            "LH-DT fits two-wire and three-wire rails; the earth pin folds away.",
            "LH-DT 兼容二线、三线轨道，地线触点可折叠。",
        ),
        (
            "One rail circuit of 10 A carries at most 50 spots of 30 W; plan 30.",
            "一路 10A 轨道最多带 50 盏 30W，设计按 30 盏。",
        ),
        ("Feed long rails in the middle, not at the end.", "长轨道从中间进电，不从端头进电。"),
    ),
    products(("Spots for shops", "商铺射灯"), "LH-DT-20 LH-DT-30 LH-DA-15 LH-DC-15"),
    text(
        (
            "Choose the power by the height of the rail: 10 W up to 2.6 m, 20 W up to 3.2 m, 30 W up to 4 m, 40 W above. A spot that is too strong makes white goods glare; exchange the reflector before you exchange the lamp.",
            "功率按轨道高度选：2.6 米以下 10W，3.2 米以下 20W，4 米以下 30W，再高用 40W。射灯太强白色商品会过曝，先换反光杯再考虑换灯。",
        ),
    ),
    keywords=("spotlight, shop lighting, accent", "轨道灯, 射灯, 橱窗"),
)

PANELS = topic(
    "panels-and-ceilings",
    ("Panels and ceiling lights", "面板灯与吸顶灯"),
    (
        "Edge-lit or backlit, grid or board, UGR below 19, and lights for the home.",
        "侧发光还是直下式，格栅还是石膏板，UGR 小于 19 怎么来，以及家用吸顶灯。",
    ),
    text(
        (
            "<b>Edge-lit</b> panels (LH-PE, LH-PL) send the light through a plate from the side: 10 mm thin, even, low glare. <b>Backlit</b> ones (LH-PB) have LEDs behind the cover: thicker, a little more light per yuan. Offices and schools buy edge-lit for UGR; stores and corridors take backlit.",
            "<b>侧发光</b>（LH-PE、LH-PL）光从侧边进导光板，厚 10 毫米，均匀、眩光低；<b>直下式</b>（LH-PB）灯珠在扩散板后面，厚一些，同样的钱更亮。办公、学校看 UGR 选侧发光，仓储、走廊选直下式。",
        ),
    ),
    parameters(
        ("Panels", "面板灯参数"),
        "LH-PE-0606 LH-PE-0606H LH-PE-0612 LH-PL-0312 LH-PB-0606 LH-PB-0606H LH-PB-0312",
        "size power luminous_flux colour_temperature",
    ),
    table(
        ("How many 600×600 panels for 300 lx", "300 lx 需要几块 600×600 面板灯"),
        (
            ("Room, m²", "面积 m²", "number"),
            ("LH-PE-0606", "LH-PE-0606", "number"),
            ("LH-PE-0606H", "LH-PE-0606H", "number"),
        ),
        (20, 3, 3),
        (40, 6, 5),
        (60, 9, 7),
        (80, 12, 9),
        (120, 17, 13),
    ),
    text(
        (
            "LH-PB-0606 is discontinued; offer LH-PE-0606-40 instead. The price is higher, the complaint about glare does not come.",
            "LH-PB-0606 已停产，改推 LH-PE-0606-40。单价高一点，但不会再有人投诉晃眼。",
        ),
    ),
    heading("For the home", "家用吸顶灯"),
    text(
        (
            "<b>Luna</b> (LH-CR) is a floating disc in three tones: 18 W for halls, 24 W for bedrooms of 12 m², 36 W for 18 m², 48 W for living rooms. <b>Aura</b> (LH-CG) adds a trim ring, Ra 95, and tone by the wall switch.",
            "<b>朗月</b>（LH-CR）悬浮圆盘，三种光色：18W 过道，24W 用于 12 平方米卧室，36W 用于 18 平方米，48W 用于客厅。<b>光环</b>（LH-CG）带饰圈、Ra95，墙壁开关切换色温。",
        ),
    ),
    faq(
        (
            ("Dead insects behind the cover?", "灯罩里进虫子？"),
            (
                "LH-PE and LH-PL are glued all round. Luna and Aura have a foam seal; if it was torn at fitting, insects come in.",
                "LH-PE、LH-PL 四周胶封；朗月、光环有密封棉，安装时扯破就会进虫。",
            ),
        ),
        (
            ("Can the kitchen panel go into plaster?", "厨卫灯能装石膏板吗？"),
            (
                "LH-PK clips into aluminium ceilings of 300 mm. For plaster take LH-PE with spring clips.",
                "LH-PK 是 300 模数集成吊顶卡扣式，石膏板请用 LH-PE 加弹簧扣。",
            ),
        ),
    ),
    products(("Ceiling lights", "吸顶灯"), "LH-CR-24 LH-CR-36 LH-CG-50 LH-PK-0303"),
    keywords=("troffer, office light, UGR 19", "平板灯, 格栅灯, 护眼灯"),
)

CHAPTER = chapter(
    "lamps",
    ("Bulbs, downlights, panels", "光源、筒射灯与面板灯"),
    ("The goods that leave every shop every day.", "每家店每天都在卖的货。"),
    BULBS,
    DOWNLIGHTS,
    SPOTS,
    PANELS,
)
