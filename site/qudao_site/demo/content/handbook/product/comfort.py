"""Light that suits people and places: glare, flicker and dimming, protection from dust and water."""

from __future__ import annotations

from ..shapes import bullets, drawing, faq, heading, parameters, products, table, text, topic, video, warning

GLARE = topic(
    "beam-and-glare",
    ("Where the light goes: beam angle and glare", "光打到哪里：光束角与眩光"),
    (
        "24°, 36°, 60°, 120°: how wide the spot gets at what height, and how to keep it out of the eyes.",
        "24°、36°、60°、120° 各能照多宽，怎么装才不晃眼。",
    ),
    drawing(
        "beam-cones",
        (
            "Diameter of the light spot at 1, 2 and 3 metres for 24°, 36° and 60°",
            "24°、36°、60° 光束角在 1、2、3 米处的光斑直径",
        ),
    ),
    text(
        (
            "The beam angle is measured where the intensity has fallen to half. Diameter of the spot = 2 × height × tan(half the angle). At 2.4 m a 24° beam lights 1.0 m, 36° 1.6 m, 60° 2.8 m.",
            "光束角以光强降到一半处为界。光斑直径 = 2 × 高度 × tan（半角）。2.4 米层高时，24° 照亮约 1.0 米，36° 约 1.6 米，60° 约 2.8 米。",
        ),
    ),
    parameters(
        ("Beam angles", "光束角对照"),
        "LH-DA-10 LH-DT-20 LH-GU10-5 LH-DC-10 LH-DR-9 LH-DS-12 LH-PE-0606",
        "beam_angle luminous_flux ip",
    ),
    heading("Glare", "眩光"),
    text(
        (
            "Glare comes from bright sources inside the field of view. <b>UGR</b> (unified glare rating) belongs to a room, not to a lamp: offices and classrooms want 19 or less, halls 22. LH-PE panels reach UGR below 19 in the standard room; nobody can promise it for a room he has not calculated.",
            "眩光来自视野里过亮的光源。<b>UGR（统一眩光值）</b>是对房间而言的，不是对单灯：办公室、教室要求 ≤19，大厅 ≤22。LH-PE 面板灯在标准房间内 UGR 小于 19；没做过照明计算的房间，谁也不能拍胸脯保证。",
        ),
    ),
    drawing(
        "light-distribution",
        (
            "Light distribution of a panel (wide) and a spot (narrow), candela per 1000 lm",
            "面板灯（宽）与射灯（窄）的配光曲线，单位 cd/klm",
        ),
    ),
    bullets(
        (
            "Set spots 0.5 to 0.6 m from the wall they light, tilt at most 30°.",
            "射灯离被照墙面 0.5～0.6 米，倾角不超过 30°。",
        ),
        ("Never a spot above a sofa, a bed or a desk chair.", "沙发、床头、办公椅正上方不装射灯。"),
        (
            "Choose deep recessed LH-DR instead of flat LH-DS where people lie or sit long.",
            "久坐久躺的地方用深藏防眩的 LH-DR，不用平板的 LH-DS。",
        ),
    ),
    warning(
        "note",
        ("Reflectors are in the box", "反光杯就在包装里"),
        (
            "LH-DA comes with three reflectors: 15°, 24° and 38°. Change them without tools; no second article is needed.",
            "LH-DA 随附 15°、24°、38° 三种反光杯，徒手更换，不用另外下单。",
        ),
    ),
    keywords=("UGR, anti-glare, spot diameter", "防眩, 照射角度, 统一眩光值"),
)

DIMMING = topic(
    "flicker-and-dimming",
    ("Flicker and dimming: phase, 0–10 V, DALI", "频闪与调光：后沿、0-10V、DALI"),
    (
        "Which lamp dims with what, why some lamps flicker and how to rule it out before the sale.",
        "哪些灯能配哪种调光，为什么会闪，怎么在成交前排除。",
    ),
    text(
        (
            "Mains has 50 Hz, so a lamp with a poor driver flashes 100 times a second. The eye does not see it; heads ache and phone cameras show stripes. Good drivers smooth it out: IEEE 1789 calls a modulation below 8 % at 100 Hz a low risk, below 3 % no effect. SVM (IEC TR 63158) should be 0.4 or less.",
            "市电 50Hz，驱动做得差的灯每秒闪 100 次，肉眼察觉不到，但会头疼，手机一拍就有条纹。好驱动会把波动滤平：IEEE 1789 认为 100Hz 下波动深度低于 8% 为低风险，低于 3% 为无影响；SVM（IEC TR 63158）应不大于 0.4。",
        ),
    ),
    drawing(
        "flicker-waves",
        (
            "Light over two mains periods: A poor driver, B our driver, C pulse-width dimming at high frequency",
            "两个市电周期内的光输出：A 劣质驱动，B 岚禾驱动，C 高频 PWM 调光",
        ),
    ),
    heading("Four ways to dim", "四种调光方式"),
    table(
        ("Control methods compared", "调光方式对比"),
        (
            ("Method", "方式"),
            ("Wires", "线数"),
            ("Range", "范围"),
            ("Where", "适用"),
            ("With us", "岚禾产品"),
        ),
        (
            ("Trailing edge (phase)", "后沿切相"),
            ("none besides mains", "无需加线"),
            "10–100 %",
            ("homes, one room", "家庭单房间"),
            "LH-MD150, LH-MD300",
        ),
        (
            "0–10 V",
            ("2, polarity counts", "2 根，分正负"),
            "10–100 %",
            ("offices, shops, simple groups", "办公、商铺、简单分组"),
            "LH-LP",
        ),
        (
            "DALI-2",
            ("2, either way round", "2 根，不分极性"),
            "0.1–100 %",
            ("hotels, large offices, scenes", "酒店、大型办公、场景"),
            ("project orders", "工程定制"),
        ),
        ("PWM", ("between driver and strip", "驱动与灯带之间"), "1–100 %", ("strips", "灯带"), "LH-PD24"),
    ),
    text(
        (
            "A DALI line takes 64 addresses and 250 mA over at most 300 m of 1.5 mm². It may lie in the same cable as the mains (basic insulation), because it is not SELV: treat it as mains when you work on it.",
            "一条 DALI 总线最多 64 个地址、250mA，1.5 平方线最长 300 米。它可以与市电同缆敷设，只有基本绝缘、不是 SELV，检修时要按市电对待。",
        ),
    ),
    parameters(
        ("What can be dimmed", "可调光型号"),
        "LH-FA60-6 LH-FC35-4 LH-FG125-8 LH-CG-50 LH-LP-12 LH-PD24-100 LH-SR-60",
        "dimmable power voltage",
    ),
    warning(
        "caution",
        ("A dimmer needs a dimmable lamp", "调光开关必须配可调光灯"),
        (
            "An ordinary bulb on a dimmer flickers, hums and dies. The other trap is too little load: LH-MD wants at least 5 W and at most half its printed watts with LED.",
            "普通灯接调光开关会闪、会响、会坏。另一个坑是负载太小：LH-MD 调光开关带 LED 时最小 5W，最大按标称的一半算。",
        ),
    ),
    faq(
        (
            ("The lamp glows when switched off.", "关了灯还微微发亮？"),
            (
                "A locating light or a touch switch without neutral lets a trickle through. Fit the small capacitor from the switch's box across the lamp, or take a switch without a light.",
                "带指示灯的开关或单火线触控开关会漏过微小电流。把开关附带的小电容并在灯两端，或者换不带指示灯的开关。",
            ),
        ),
        (
            ("Stripes in the phone camera: is the lamp bad?", "手机一拍有条纹，是不是灯不好？"),
            (
                "Strong moving stripes: yes. Faint ones at the shortest exposure: no camera is free of them. Compare with a sheet of paper in daylight.",
                "条纹又深又动，说明灯不行；只在最短快门下有淡淡一层，任何灯都难免。可以与日光下的白纸对比给客户看。",
            ),
        ),
    ),
    products(("Dimmers", "调光开关"), "LH-MD150 LH-MD300"),
    added="<p><b>New:</b> LH-MD300 drives two filament lamps in parallel down to 3 %. Set the minimum with the small screw behind the knob, lamps cold.</p>",
    keywords=("dimmer, PWM, DALI, 0-10V, SVM, stroboscopic", "调光器, 可控硅, 频闪, 护眼"),
)

PROTECTION = topic(
    "ip-and-ik",
    ("Dust, water, knocks: IP and IK", "防尘、防水、防撞：IP 与 IK 等级"),
    (
        "What the two digits promise, and which place wants which.",
        "两位数字各代表什么，什么地方该用什么等级。",
    ),
    drawing(
        "ip-digits",
        ("First digit: solid bodies and dust. Second digit: water", "第一位数字防固体和灰尘，第二位数字防水"),
    ),
    table(
        ("Digits you meet (GB/T 4208, IEC 60529)", "常用等级（GB/T 4208，IEC 60529）"),
        (("IP", "等级"), ("Keeps out", "能防什么"), ("Use", "用在哪里")),
        ("IP20", ("fingers; no water", "手指触及；不防水"), ("dry rooms", "干燥室内")),
        (
            "IP44",
            ("wires of 1 mm, splashes", "1mm 线状物、溅水"),
            ("kitchens, bathroom zone 2", "厨房、卫生间 2 区"),
        ),
        ("IP65", ("all dust, jets", "完全防尘、喷水"), ("car parks, eaves", "车库、屋檐下")),
        ("IP66", ("all dust, strong jets", "完全防尘、强力喷水"), ("facades, streets", "外墙、道路")),
        (
            "IP67",
            ("30 minutes 1 m under water", "1 米深浸水 30 分钟"),
            ("ground, coves by the pool", "埋地、泳池边灯槽"),
        ),
        (
            "IP68",
            ("longer or deeper, as the maker says", "持续潜水，按厂家说明"),
            ("harbours, fountains", "港区、水景"),
        ),
    ),
    text(
        (
            "A higher second digit does not contain the lower ones beyond 6: an IP67 strip has been dipped, not hosed. Where both happen the label says IP66/IP67.",
            "第二位数字超过 6 以后并不自动包含低等级：IP67 灯带是泡过水，不等于扛得住高压水枪。两种情况都有的地方，要看标签是否写 IP66/IP67。",
        ),
        (
            "Protection ends at the cable entry. Nine of ten wet lamps we get back had an open gland, a cut lead or a joint lying in water.",
            "防护等级止于进线口。返修的进水灯具十个有九个是接头没拧紧、出线被剪短、或者接线盒泡在水里。",
        ),
    ),
    heading("Knocks", "防撞"),
    text(
        (
            "<b>IK</b> (IEC 62262) counts the blow: IK08 is 5 joules, a 1.7 kg hammer from 30 cm. Car parks and school corridors want IK08, underpasses IK10. LH-BP has IK08.",
            "<b>IK 等级</b>（IEC 62262）表示抗冲击能力：IK08 为 5 焦耳，相当于 1.7 公斤重锤从 30 厘米高处落下。车库、校园走廊建议 IK08，地下通道 IK10。三防灯 LH-BP 为 IK08。",
        ),
    ),
    parameters(
        ("Protected products", "防护型产品"),
        "LH-PK-0303 LH-BP-12 LH-FL-50 LH-BH-12 LH-SW-120 LH-MF-100 LH-WP10 LH-XW08 LH-PW24-100",
        "ip power voltage",
    ),
    video(
        "ip-digits",
        ("Jet and immersion test in our laboratory", "实验室喷水与浸水试验"),
        (
            "An LH-FL-50 stands under the jet of the 12.5 mm nozzle, 100 litres a minute from 3 metres, for three minutes. Then it is opened: the blotting paper inside is dry.",
            "LH-FL-50 在 12.5 毫米喷嘴下、3 米距离、每分钟 100 升水量冲淋三分钟。打开灯体，内部试纸干燥。",
        ),
        (
            "The same lamp under water: small bubbles at the breather valve mean pressure is let out. It is not made for that, IP66 stops at jets.",
            "同一盏灯放入水中，透气阀处冒出小气泡，说明内压在释放。它不是为浸水设计的，IP66 只保证抗喷水。",
        ),
    ),
    keywords=("waterproof, ingress protection, IP65, IP67", "防水等级, 防尘, 三防"),
    kind="reference",
)
