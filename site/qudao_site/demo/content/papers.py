"""Texts of the demo's documents: price policy, warranty form, training deck. Every text is a pair (English, Chinese)."""

from __future__ import annotations

Pair = tuple[str, str]

#: name: (title, file name)
PAPERS: dict[str, tuple[str, str]] = {
    "price-policy": ("Price policy 2026 价格政策", "price-policy-2026.pdf"),
    "warranty-form": ("Warranty form 质保登记表", "warranty-form.docx"),
    "parameters": ("Parameters of all products 全系列参数表", "product-parameters.xlsx"),
    "training-deck": (
        "Training deck: breakers and leakage protection 培训课件：断路器与漏电保护",
        "training-breakers.pptx",
    ),
}

#: Whom a document is for; all others are for whoever may read what they are attached to.
AUDIENCES: dict[str, tuple[str, ...]] = {
    "price-policy": ("kind:distributor", "kind:agent", "kind:dealer"),
    "parameters": ("members",),
}

#: Sections of the price policy: heading, paragraphs.
PRICE_POLICY: tuple[tuple[Pair, tuple[Pair, ...]], ...] = (
    (
        ("1. Whose prices these are", "一、适用范围"),
        (
            (
                "This policy holds for distributors, agents and dealers of Lanhe Electric from 1 January 2026. Prices are net, in yuan, for delivery to one address; the tax rate stands on every line of the order.",
                "本政策自 2026 年 1 月 1 日起适用于岚禾电气各级分销商、代理商与经销商。价格均为未税人民币价，送货至同一地址，税率在订单各行列明。",
            ),
            (
                "Your price list is shown when you are signed in. A contract price comes before a regional one, a regional one before that of the tier, the tier before the list.",
                "登录后看到的即为您的价目表。协议价优先于区域价，区域价优先于等级价，等级价优先于标准价。",
            ),
        ),
    ),
    (
        ("2. Tiers", "二、等级"),
        (
            (
                "Tiers are reviewed in January and July. Platinum buys at 18 % below list, gold at 12 %, silver at 7 %. Cable has smaller steps because copper is passed on as it is.",
                "等级每年一月、七月评定。白金低于标准价 18%，金牌 12%，银牌 7%。电线电缆随铜价联动，折扣档位较小。",
            ),
            (
                "A tier is kept for six months after the figures have fallen below it once.",
                "业绩首次低于标准的，等级保留六个月。",
            ),
        ),
    ),
    (
        ("3. The floor for resale", "三、终端价格底线"),
        (
            (
                "Nobody is told what to sell for. Advertised prices on public platforms, however, do not go below the floor: 85 % of the list price, shipping included. The floor does not hold for discontinued goods, for projects and inside closed customer groups.",
                "线下成交价由合作伙伴自定。公开平台的展示价不得低于底线：标准价的 85%，含运费。停产清仓、工程项目、封闭客户群不受此限。",
            ),
            (
                "First breach: a call. Second: promotions end for a quarter. Third: the tier is reviewed.",
                "首次低于底线：电话提醒；第二次：暂停一季度促销；第三次：重新评定等级。",
            ),
        ),
    ),
    (
        ("4. Price protection", "四、价格保护"),
        (
            (
                "When a list price falls, goods delivered within the last 30 days and still in stock are credited with the difference on the next order. Send the stock list within ten days.",
                "标准价下调时，近 30 天内到货且仍在库的商品，差价在下一单抵扣。请在十天内提交库存清单。",
            ),
            (
                "When copper moves by more than 5 % within a week, cable prices change on the following Monday. Orders confirmed before keep their price.",
                "一周内铜价波动超过 5% 的，电线电缆下周一调价；此前已确认的订单价格不变。",
            ),
        ),
    ),
    (
        ("5. Rebates", "五、返利"),
        (
            (
                "Quarterly rebate: 1 % from 100,000 yuan, 2 % from 300,000, 3 % from 800,000, paid as a credit note within twenty days. Returned goods are deducted.",
                "季度返利：满 10 万元返 1%，满 30 万元返 2%，满 80 万元返 3%，季后二十天内以红字单兑现，退货扣减。",
            ),
            (
                "Training rebate: half a per cent more when two people of the company hold a valid certificate of the product line.",
                "培训返利：公司内有两人持有该产品线有效证书的，另加 0.5%。",
            ),
        ),
    ),
    (
        ("6. Payment and credit", "六、付款与信用"),
        (
            (
                "Terms stand in your contract. Overdue for more than 15 days: new orders wait for the payment. The credit limit is shown in the cart.",
                "账期以合同为准。逾期超过 15 天的，新订单待付款后放行。信用额度在购物车中显示。",
            ),
        ),
    ),
)

#: Rows of the warranty form.
WARRANTY_FIELDS: tuple[Pair, ...] = (
    ("Dealer", "经销商"),
    ("Customer, telephone", "客户姓名、电话"),
    ("Address where it is installed", "安装地址"),
    ("Article number (SKU)", "货号"),
    ("Batch, see label", "批次号（见标签）"),
    ("Quantity sold / defective", "销售数量 / 故障数量"),
    ("Date of sale or handover", "销售或交付日期"),
    ("Electrician", "安装电工"),
)
WARRANTY_SYMPTOMS: tuple[Pair, ...] = (
    ("does not light", "不亮"),
    ("flickers or hums", "闪烁或异响"),
    ("darker or another colour than the others", "偏暗或色差"),
    ("water inside", "进水"),
    ("trips although nothing is connected", "空载跳闸"),
    ("does not trip with the T button", "按 T 键不跳"),
    ("broken in transport", "运输破损"),
)
WARRANTY_RULES: tuple[Pair, ...] = (
    (
        "Measure before you fill in: voltage at the lamp; for strips at the driver and at the last LED; for RCBOs insulation with the load disconnected.",
        "填表前先测量：灯端电压；灯带测电源输出端与末端；漏电断路器断开负载测绝缘。",
    ),
    (
        "Up to ten pieces are replaced by the dealer from stock at once and settled with the next order.",
        "十只以内由经销商先行更换，随下一单结算。",
    ),
    (
        "Voltage above 265 V, lightning without surge protector and water through an open gland are not covered.",
        "电压超过 265V、未装浪涌保护器遭雷击、接头未拧紧进水，不在保修范围。",
    ),
)

#: Slides of the training deck: title, points.
TRAINING_DECK: tuple[tuple[Pair, tuple[Pair, ...]], ...] = (
    (
        ("Breakers and leakage protection", "断路器与漏电保护"),
        (("Two hours for new sellers", "新销售两小时课程"), ("Lanhe Electric, training", "岚禾电气 培训")),
    ),
    (
        ("What protects what", "谁保护谁"),
        (
            ("The breaker protects the wire", "空开保护电线"),
            ("The RCBO protects people", "漏保保护人"),
            ("The surge protector protects appliances", "浪涌保护器保护电器"),
            ("The isolator protects whoever works behind it", "隔离开关保护检修的人"),
        ),
    ),
    (
        ("Curves B, C, D", "脱扣曲线 B、C、D"),
        (
            ("B: 3 to 5 times, long leads", "B：3～5 倍，长线路"),
            ("C: 5 to 10 times, homes and shops", "C：5～10 倍，家居商铺"),
            ("D: 10 to 20 times, motors and welders", "D：10～20 倍，电机电焊机"),
            ("Exercise: a compressor of 3 kW trips C16. What now?", "练习：3kW 空压机启动跳 C16，怎么办？"),
        ),
    ),
    (
        ("Amperes follow the wire", "电流跟着线径走"),
        (
            ("1.5 mm² – 10 A", "1.5 平方 – 10A"),
            ("2.5 mm² – 16 A", "2.5 平方 – 16A"),
            ("4 mm² – 25 A", "4 平方 – 25A"),
            ("6 mm² – 32 A", "6 平方 – 32A"),
        ),
    ),
    (
        ("30 mA", "30mA 的由来"),
        (
            ("50 mA through the heart for a second kills", "50mA 流过心脏一秒足以致命"),
            ("30 mA in 0.3 s does not", "30mA、0.3 秒内断开不会"),
            ("Type A for washing machines, hobs, LED drivers", "洗衣机、电磁炉、LED 电源选 A 型"),
            ("At most six circuits behind one device", "一台漏保最多带六路"),
        ),
    ),
    (
        ("Five mistakes we see in boxes", "配电箱里最常见的五个错误"),
        (
            ("Neutrals of two groups joined", "两组零线混接"),
            ("32 A in front of 2.5 mm²", "2.5 平方线配 32A"),
            ("Surge protector on a metre of wire", "浪涌接线一米长"),
            ("Stranded wire without ferrule", "多股线没压线针"),
            ("No label anybody understands", "标签没人看得懂"),
        ),
    ),
    (
        ("Three sentences for the counter", "柜台三句话"),
        (
            ("What is behind this breaker?", "这个空开后面接什么？"),
            ("How thick is the wire?", "线多粗？"),
            ("Who touches it?", "谁会摸到？"),
        ),
    ),
    (
        ("Test yourself", "小测验"),
        (
            ("Which device for a bathroom, and which rating?", "卫生间用哪款、多大电流？"),
            ("Why does an RCCB need a breaker in front?", "剩余电流开关前面为什么要有断路器？"),
            (
                "Two customers, one price: how do you answer “too expensive”?",
                "两位客户同一个价，“太贵了”怎么答？",
            ),
        ),
    ),
)
