"""Tubes, battens, outdoor and coastal lighting."""

from __future__ import annotations

from ..shapes import bullets, chapter, drawing, faq, parameters, products, table, text, topic, warning

TUBES = topic(
    "tubes-and-battens",
    ("Tubes, battens, damp-proof lights", "灯管、支架与三防灯"),
    (
        "From the corner shop to the cold store: which length, which protection, how many.",
        "从夫妻店到冷库：多长、什么防护、装几盏。",
    ),
    parameters(
        ("Linear lights", "线性灯具参数"),
        "LH-T8-12 LH-T8-12H LH-T5-12 LH-TD-12 LH-BL-12 LH-BL-12H LH-BP-12 LH-BP-15H LH-LP-12",
        "size power luminous_flux ip",
    ),
    bullets(
        (
            "<b>T8 tubes</b> go into old battens. Fed at <i>one</i> end: read the steps before you sell them to a do-it-yourselfer.",
            "<b>T8 灯管</b>用于旧支架改造，<i>单端</i>进电。卖给自己动手的客户前，先看改装步骤。",
        ),
        (
            "<b>T5</b> integrated lights join end to end without a gap: shelves, coves, fridges.",
            "<b>T5 一体化</b>首尾相接无暗区，货架、灯槽、冷柜都好用。",
        ),
        (
            "<b>BL</b> battens wipe clean: clinics, kitchens, clean workshops.",
            "<b>BL 净化灯</b>弧面罩一擦就净，诊所、厨房、洁净车间。",
        ),
        (
            "<b>BP</b> damp-proof: IP65, IK08, steel clips, through-wired up to 16 A.",
            "<b>BP 三防灯</b>：IP65、IK08、不锈钢卡扣、贯通接线 16A。",
        ),
        ("<b>LP</b> pendants: offices that want to be photographed.", "<b>LP 吊线灯</b>：讲究门面的办公室。"),
    ),
    text(
        (
            "A car park at 50 lx wants one LH-BP-12 every 5 m above each lane and every 7 m above the bays. With motion sensors (LH-SEC) that dim to 20 % the meter runs at a third; the sensors are paid for in one winter.",
            "车库按 50 lx，车道上方每 5 米一盏 LH-BP-12，车位上方每 7 米一盏。配 LH-SEC 感应降到 20% 亮度，电费只剩三分之一，一个冬天收回感应器成本。",
        ),
    ),
    table(
        ("Cold stores", "冷库用灯"),
        (("Temperature", "温度"), ("Family", "系列"), ("Remark", "说明")),
        ("+5 °C", "LH-BP", ("standard", "标准品")),
        ("−18 °C", "LH-BP", ("starts at once; the clip needs a dry seal", "即开即亮，装灯前密封圈须干燥")),
        (
            ("below −25 °C", "低于 −25 °C"),
            "–",
            ("ask; standard drivers are tested to −25 °C", "需咨询，标准驱动测试到 −25℃"),
        ),
    ),
    warning(
        "note",
        ("LH-TD-06 is discontinued", "LH-TD-06 已停产"),
        ("LH-BL-06 replaces it with more light from half the height.", "由 LH-BL-06 替代，更亮、高度减半。"),
    ),
    products(("For damp rooms", "潮湿场所"), "LH-BP-06 LH-BP-12 LH-BP-15 LH-BP-15H"),
    keywords=("fluorescent, tri-proof, car park", "日光灯, 车库灯, 净化灯"),
)

FLOODS = topic(
    "floods-and-streets",
    ("Flood lights, street lights, gardens", "投光灯、路灯与庭院灯"),
    (
        "Mounting height decides the watts; the cable decides whether it lasts.",
        "瓦数看安装高度，寿命看电缆接头。",
    ),
    text(
        (
            "Rule for yards: mounting height = half the width to be lit; 50 W for up to 5 m, 100 W for 8 m, 200 W for 12 m. Aim at the far third, never higher than 60° from straight down, or the neighbour calls.",
            "场地照明经验：安装高度约为被照宽度的一半。5 米以下用 50W，8 米用 100W，12 米用 200W。瞄准点在远端三分之一处，仰角不超过 60°，否则邻居会来投诉。",
        ),
    ),
    drawing(
        "flood-mounting",
        (
            "Flood light on a pole: height h, width 2h, aiming angle, drip loop of the lead",
            "灯杆上的投光灯：高度 h、照射宽度 2h、瞄准角、电缆滴水弯",
        ),
    ),
    parameters(
        ("Outdoor lights", "户外灯具参数"),
        "LH-FL-50 LH-FL-100 LH-FL-200 LH-ST-50 LH-ST-100 LH-BH-12 LH-BO-06 LH-SP-9",
        "power luminous_flux ip beam_angle voltage",
    ),
    table(
        ("Street lights by width of the road", "道路宽度与路灯选型"),
        (
            ("Road", "道路"),
            ("Pole, m", "杆高 m", "number"),
            ("Distance, m", "间距 m", "number"),
            ("Light", "灯具"),
        ),
        (("Village lane, 4 m", "村道 4 米"), 5, 20, "LH-ST-50"),
        (("Estate road, 6 m", "小区道路 6 米"), 6, 25, "LH-ST-80"),
        (("Side street, 8 m", "支路 8 米"), 8, 28, "LH-ST-100"),
        (("Two lanes, 12 m", "双车道 12 米"), 10, 32, "LH-ST-150"),
    ),
    text(
        (
            "LH-ST carries 10 kV surge protection inside, which is enough beside buildings. On open land add an LH-BS2 in the feeder's box. LH-ST-150 is announced and cannot be ordered yet.",
            "LH-ST 内置 10kV 浪涌保护，城区足够；空旷地带建议在配电箱加装 LH-BS2。LH-ST-150 为预告产品，暂不可下单。",
        ),
        (
            "In gardens less is more: LH-BO bollards every 4 m along the path, one LH-SP-9 per tree, everything 3000 K. Insects and neighbours prefer it.",
            "庭院宜少不宜多：步道每 4 米一盏 LH-BO 草坪灯，一棵树一盏 LH-SP-9，全部 3000K，虫子少，邻居也舒服。",
        ),
    ),
    faq(
        (
            ("Water in the glass of a flood light?", "投光灯玻璃内有水汽？"),
            (
                "A film that goes away when lit is normal: the breather valve lets vapour through. Drops are not; look at the gland.",
                "薄雾点亮后消失属正常，透气阀会透水汽；出现水珠就要检查防水接头。",
            ),
        ),
        (
            ("Can the lead be lengthened?", "出线能接长吗？"),
            (
                "Yes, with rubber cable and an IP68 joint, never with tape.",
                "可以，用橡胶电缆加 IP68 防水接头，不能用胶布。",
            ),
        ),
    ),
    products(("Outdoors", "户外产品"), "LH-FL-50 LH-FL-100 LH-ST-80 LH-BO-06 LH-SP-9 LH-PW24-150"),
    keywords=("outdoor light, garden, pole", "泛光灯, 路灯, 草坪灯, 景观灯"),
)

COASTAL = topic(
    "coastal",
    ("By the sea: the coastal line", "海边怎么选：滨海系列"),
    (
        "Salt eats ordinary lights in two years. What is different about LH-MF and LH-MB, and who may sell them.",
        "盐雾两年就能毁掉普通灯具。LH-MF、LH-MB 有什么不同，谁能卖。",
    ),
    text(
        (
            "Within 3 km of the shore (10 km where wind blows from the sea) chlorides creep under ordinary powder coating and lift it off. The coastal line has a marine-grade coating of 120 µm on chromate-free pre-treatment, A4 screws and sealed glands; it stands 1,000 hours of neutral salt spray (GB/T 10125), ordinary die-cast lights 240.",
            "离海 3 公里以内（迎风岸 10 公里以内），氯离子会从普通喷粉底下钻进去把涂层顶起来。滨海系列采用无铬前处理加 120µm 船用级涂层、A4 不锈钢螺丝、密封接头，中性盐雾 1000 小时（GB/T 10125），普通压铸灯具只有 240 小时。",
        ),
    ),
    parameters(
        ("Coastal line", "滨海系列参数"),
        "LH-MF-50 LH-MF-100 LH-MF-200 LH-MB-12 LH-MB-18",
        "power luminous_flux ip colour_temperature finish",
    ),
    bullets(
        (
            "Never mix with ordinary steel brackets: the pair corrodes within a season.",
            "不要与普通碳钢支架混用，电偶腐蚀一个季度就见锈。",
        ),
        ("Rinse with fresh water once a year; say so in the offer.", "每年用淡水冲洗一次，写进报价说明。"),
        ("Scratches are mended the same day with the pen in the box.", "划伤当天用随箱补漆笔修补。"),
    ),
    warning(
        "note",
        ("Who may sell it", "销售范围"),
        (
            "At present the line is sold in Guangdong only. Elsewhere it is not in your range; ask your channel manager about projects.",
            "目前仅在广东销售，其他区域不在可售目录内；有项目请联系渠道经理。",
        ),
    ),
    text(
        (
            "What customers ask is whether stainless steel alone would do. It does not: A2 pits within two winters in salt air, A4 holds; and the lamp's body is aluminium, which needs its coating. Offer the coastal line where the guarantee would cost you more than the difference: promenades, fish markets, hotel terraces, ferry piers. One kilometre inland behind houses the ordinary LH-FL is the honest choice.",
            "客户常问：全用不锈钢行不行？不行，A2 不锈钢在盐雾里两个冬天就点蚀，A4 才扛得住；灯体是铝的，靠的是涂层。海滨步道、水产市场、酒店露台、轮渡码头这类地方，保修一次的成本就超过差价，直接推滨海系列。离海一公里又有楼房遮挡的，用普通 LH-FL 才是实在话。",
        ),
    ),
    keywords=("salt spray, marine, corrosion", "盐雾, 防腐, 海边"),
    translated=False,
)

CHAPTER = chapter(
    "linear-and-outdoor",
    ("Linear, outdoor, coastal", "线性、户外与滨海"),
    ("Where it is long, wet or windy.", "又长、又湿、又有风的地方。"),
    TUBES,
    FLOODS,
    COASTAL,
)
