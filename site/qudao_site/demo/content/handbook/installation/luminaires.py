"""Luminaires: downlights, strips, tubes, outdoors."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    drawing,
    faq,
    parameters,
    products,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

FITTING = topic(
    "fitting-downlights",
    ("Fitting a recessed downlight", "嵌入式筒灯安装"),
    ("Hole, wire, clips: four minutes each once the first is done.", "开孔、接线、卡簧，装熟了四分钟一盏。"),
    warning(
        "warning",
        ("Dead first", "先断电"),
        (
            "See “Make it dead and prove it”. The driver keeps a charge for ten seconds.",
            "见“停电、验电”。驱动内电容断电后仍带电约十秒。",
        ),
    ),
    steps(
        ("Steps", "安装步骤"),
        step(
            ("Mark", "放线定位"),
            (
                "Chalk line through the room, first lamp 0.8 m from the wall, check for studs with a magnet.",
                "弹线定位，第一盏离墙 0.8 米，用磁铁避开龙骨。",
            ),
        ),
        step(
            ("Cut", "开孔"),
            (
                "Hole saw of diameter D, see the table of cut-outs; 1 mm more for painted board.",
                "按开孔尺寸 D 用开孔器，批过漆的板放大 1 毫米。",
            ),
            "downlight-section",
        ),
        step(
            ("Connect", "接线"),
            (
                "L brown, N blue into the lever terminals of the driver; earth on metal rings.",
                "驱动杠杆端子：棕接火、蓝接零，金属面环接地。",
            ),
        ),
        step(
            ("Push in the driver", "放入驱动"),
            ("Beside the hole, not on top of the lamp.", "放在孔旁边，不要压在灯体上。"),
        ),
        step(
            ("Clips up, lamp in", "扳起卡簧推入"),
            (
                "Hold both clips, push until the ring lies flat. Fingers away: they strike.",
                "双手扳住卡簧推到面环贴平，注意夹手。",
            ),
        ),
    ),
    table(
        ("Boards and clips", "板厚与卡簧"),
        (("Board, mm", "板厚 mm"), ("Clip", "卡簧")),
        ("3–12", ("as delivered", "出厂状态")),
        ("12–25", ("longer end outside", "长端朝外")),
        (("above 25", "大于 25"), ("spacer ring on request", "另订垫圈")),
    ),
    faq(
        (
            ("The ring does not lie flat on one side.", "面环一边翘？"),
            ("A clip stands on a stud or on the driver's lead.", "卡簧顶到龙骨或压住了电源线。"),
        ),
        (
            ("One lamp is weak.", "有一盏特别暗？"),
            (
                "Two tones mixed or the plug between driver and lamp not home.",
                "型号混了，或驱动与灯的插头没插到底。",
            ),
        ),
    ),
    products(("Recessed", "嵌入式筒灯"), "LH-DR-7 LH-DR-9 LH-DR-12"),
    keywords=("install recessed light, hole saw", "装筒灯, 开孔器"),
    kind="installation",
)

STRIP_FITTING = topic(
    "fitting-strips",
    ("Strips in coves and profiles", "灯带与型材安装"),
    ("Clean, cool, fed at the right places, closed at the ends.", "擦净、散热、补电、封头，一样不能少。"),
    drawing(
        "strip-feed",
        (
            "Feeding a strip: one end up to 5 m, both ends up to 10 m, sections beyond",
            "灯带进电方式：5 米内单端、10 米内双端、更长分段",
        ),
    ),
    steps(
        ("Steps", "安装步骤"),
        step(
            ("Profile first", "先装型材"),
            (
                "Clips every 500 mm, 1 mm joint per 2 m for heat.",
                "每 50 厘米一个卡扣，每 2 米留 1 毫米伸缩缝。",
            ),
        ),
        step(
            ("Clean", "清洁"), ("Alcohol, lint-free cloth, dry for a minute.", "酒精加无尘布擦拭，晾一分钟。")
        ),
        step(
            ("Cut on the line", "沿线裁剪"),
            ("Between the copper pads only, every 50 mm.", "只在铜焊盘之间剪，50 毫米一段。"),
        ),
        step(
            ("Test on the floor", "地面先试亮"),
            (
                "Two minutes on the roll at most, then off: rolled up it cooks.",
                "整卷通电不超过两分钟，卷着会烧。",
            ),
        ),
        step(
            ("Stick and press", "粘贴压实"),
            (
                "From one end, never stretched; radius at least 30 mm, no folds.",
                "从一头贴起，不拉伸，弯曲半径不小于 30 毫米，不得对折。",
            ),
        ),
        step(
            ("Feed and close", "接线封头"),
            ("Plus is red. Silicone and cap at every end of LH-SW.", "红正黑负；LH-SW 每个端头打胶加堵头。"),
        ),
    ),
    bullets(
        (
            "Driver where air moves and a hand can reach it. Not in the cove, not under the bath.",
            "电源放在通风且伸手够得到的地方，不要放灯槽里，不要放浴缸下面。",
        ),
        (
            "Cove: strip 100 mm behind the lip, lip as high as the strip is far.",
            "灯槽：灯带距挡板 10 厘米，挡板高度与距离相当。",
        ),
        ("Sensors go in front of the driver, dimmers behind it.", "感应器接在电源前端，调光器接在电源后端。"),
    ),
    parameters(("Profiles", "型材规格"), "LH-AP-S17 LH-AP-R24 LH-AP-C16 LH-AP-W35 LH-AP-P50", "size finish"),
    products(("Everything for a cove", "灯槽全套"), "LH-S24-120 LH-SW-120 LH-PD24-100 LH-AP-S17 LH-RV215"),
    warning(
        "caution",
        ("Check the polarity before you cut", "裁剪前先看极性"),
        (
            "Tunable and RGB strips have three or four pads; a cut in the wrong place kills 100 mm. Test every piece before it is stuck.",
            "双色温、彩光灯带有三到四个焊盘，剪错一处就废 10 厘米；每段贴之前先试亮。",
        ),
    ),
    keywords=("install strip, profile, cove", "装灯带, 灯槽"),
    kind="installation",
)

TUBE_SWAP = topic(
    "replacing-tubes",
    ("Replacing fluorescent tubes by LED", "荧光灯管改 LED"),
    (
        "Ballast and starter out, one end fed, a sticker on the batten.",
        "拆镇流器和启辉器，单端进电，贴改装标识。",
    ),
    drawing(
        "tube-rewiring",
        (
            "Before: ballast B and starter S. After: line and neutral to one end, the other end is bridged off",
            "改前：镇流器 B、启辉器 S；改后：火零接同一端，另一端不接电",
        ),
    ),
    warning(
        "danger",
        ("Only one end is live, and only that end", "只有一端带电"),
        (
            "A tube fed at both ends makes the free pins live while the other end is in the holder. LH-T8 is fed at the end with the L N label only.",
            "双端带电的灯管插入一端时，另一端裸露的插脚带电。LH-T8 只能在标有 L N 的一端进电。",
        ),
    ),
    steps(
        ("Steps", "改装步骤"),
        step(
            ("Dead", "断电验电"),
            ("And wait: the capacitor of old battens bites.", "等一分钟，老支架电容会打人。"),
        ),
        step(
            ("Take out", "拆除"),
            (
                "Ballast, starter, capacitor. They are waste with a value.",
                "拆下镇流器、启辉器、电容，可回收。",
            ),
        ),
        step(
            ("Rewire", "改线"),
            ("L and N to the two pins of one holder.", "火、零分别接到同一个灯座的两个触点。"),
        ),
        step(
            ("Sticker", "贴标"),
            ("“LED only, live at this end”, beside the holder.", "灯座旁贴“LED 专用，本端带电”。"),
        ),
        step(
            ("Insert", "装管"),
            ("Labelled end first, a quarter turn, both pins in.", "标识端先插，旋转 90 度到位。"),
        ),
    ),
    faq(
        (
            ("Must the ballast really come out?", "镇流器必须拆吗？"),
            (
                "Yes. LH-T8 has a driver of its own; a ballast in front destroys it and uses 8 W.",
                "必须拆。LH-T8 自带驱动，前面串镇流器会烧，还白耗 8W。",
            ),
        ),
        (
            ("Who answers for the old batten?", "改完谁负责？"),
            (
                "Whoever rewired it: it is a new luminaire by law (GB/T 7000.1). Therefore report and sticker.",
                "谁改谁负责，改装后按新灯具对待（GB/T 7000.1），所以要留记录、贴标识。",
            ),
        ),
    ),
    products(("Tubes", "灯管"), "LH-T8-06 LH-T8-12 LH-T8-12H LH-T8-15 LH-BL-12"),
    keywords=("retrofit, ballast, starter", "日光灯改造, 镇流器, 启辉器"),
    kind="installation",
)

OUTDOOR_FITTING = topic(
    "outdoor-work",
    ("Outdoors: cable, glands, poles", "户外施工：电缆、接头、灯杆"),
    ("Water follows the cable. Give it another way.", "水会顺着电缆走，给它另一条路。"),
    text(
        (
            "Every lead makes a <b>drip loop</b> below the entry. Every joint sits in a box of IP65 or better, entries from below, never in the earth without resin. Conduits fall 1 % towards a shaft with gravel.",
            "每根电缆在入口下方留<b>滴水弯</b>；每个接头放在 IP65 以上接线盒内，从下方进线，不灌胶不得埋土。管道向手井找坡 1%，井底铺砾石。",
        ),
    ),
    steps(
        ("A flood light on a wall", "墙面投光灯安装"),
        step(
            ("Bracket", "装支架"),
            (
                "Two anchors M8, 60 mm deep in concrete, sealed.",
                "M8 膨胀螺栓两只，混凝土内深 60 毫米，打胶密封。",
            ),
        ),
        step(
            ("Aim by daylight", "白天初调"),
            ("Then again at night, from where the neighbours live.", "夜里再从邻居的位置看一遍。"),
        ),
        step(
            ("Join", "接线"),
            ("Rubber cable, IP68 joint, gland 2 Nm.", "橡胶电缆、IP68 接头，防水接头拧紧 2 牛·米。"),
        ),
        step(
            ("Protect", "保护"),
            (
                "LH-BR1 of its own; SPD in the box when the pole is taller than the house.",
                "单独一路 LH-BR1；灯杆高于房屋时箱内加浪涌。",
            ),
        ),
    ),
    table(
        ("Depth of cable", "电缆埋深"),
        (("Under", "位置"), ("Metres", "米", "number")),
        (("Lawn, path", "草地、步道"), 0.7),
        (("Drive", "车道"), 1.0),
        (("Field that is ploughed", "耕地"), 1.0),
    ),
    bullets(
        (
            "Posts of LH-BO: foundation 300 × 300 × 400 mm, anchor bolts in the template.",
            "草坪灯 LH-BO 基础 300×300×400 毫米，地脚螺栓按模板预埋。",
        ),
        (
            "LH-ST: 60 mm spigot, tilt 0, 5 or 10°; hatch closes with a click.",
            "路灯 LH-ST：60 毫米灯臂，仰角 0/5/10°，仓盖卡到位有声响。",
        ),
        ("Coastal: see that no steel tool scratches the coating.", "滨海灯具：避免钢制工具划伤涂层。"),
    ),
    products(("For outdoors", "户外配套"), "LH-FL-50 LH-WP16 LH-XW08 LH-BR1 LH-RV325"),
    warning(
        "warning",
        ("Garden sockets", "户外插座"),
        (
            "Each one behind 30 mA of its own and at least 0.3 m above the ground. A shared device leaves the house dark when the hedge trimmer cuts its lead.",
            "户外插座单独配 30mA 漏保，离地 0.3 米以上。与室内共用的话，绿篱机剪断电线，全屋都黑。",
        ),
    ),
    keywords=("gland, buried cable, drip loop", "防水接头, 埋地, 滴水弯"),
    kind="installation",
)

CHAPTER = chapter(
    "luminaires",
    ("Luminaires", "灯具安装"),
    ("Into the board, under the shelf, out in the rain.", "进吊顶、贴层板、上外墙。"),
    FITTING,
    STRIP_FITTING,
    TUBE_SWAP,
    OUTDOOR_FITTING,
)
