"""After the sale: warranty, returns, complaints."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    downloads,
    faq,
    heading,
    numbered,
    script,
    step,
    steps,
    table,
    text,
    topic,
    warning,
)

WARRANTY = topic(
    "warranty-terms",
    ("Warranty: terms and how a case runs", "质保条款与处理流程"),
    ("Years by line, what is covered, five steps, the form.", "各产品线年限、保修范围、五步流程、表格。"),
    table(
        ("Years", "质保年限"),
        (("Line", "产品线"), ("Years", "年", "number"), ("From", "起算"), ("Remark", "说明")),
        (
            ("Home lighting", "家居照明"),
            2,
            ("sale to the end customer", "售予最终用户之日"),
            ("bulbs: 25,000 h", "球泡 25000 小时"),
        ),
        (
            ("Project lighting", "工程照明"),
            5,
            ("handover, at most 6 months after delivery", "交付之日，最迟出货后 6 个月"),
            ("with driver", "含驱动"),
        ),
        (
            ("Coastal lighting", "滨海照明"),
            5,
            ("handover", "交付之日"),
            ("registered and rinsed yearly", "须登记、每年冲洗"),
        ),
        (("Wiring devices", "开关插座"), 10, ("sale", "销售之日"), ("electronics 2 years", "带电子件 2 年")),
        (("Protection", "保护与配电"), 5, ("sale", "销售之日"), ("SPD cartridges 1 year", "浪涌模块 1 年")),
        (("Cable", "电线电缆"), 20, ("sale", "销售之日"), ("laid by the rules", "按规范敷设")),
        (("Drivers and control", "驱动与控制"), 3, ("sale", "销售之日"), "LH-PW24: 5"),
    ),
    steps(
        ("A case", "处理流程"),
        step(
            ("Look", "看现象"),
            (
                "Photograph of the fault, of the label, of the place where it hung.",
                "拍故障、拍标签、拍安装位置。",
            ),
        ),
        step(
            ("Measure", "测数据"),
            ("Voltage at the lamp; the two figures for strips.", "测灯端电压，灯带测两点。"),
        ),
        step(
            ("Form", "填表"),
            ("Fill in the form: batch, date of sale, quantity.", "填质保单：批次、销售日期、数量。"),
        ),
        step(
            ("Replace", "先换"),
            ("Up to ten pieces from your own stock, at once.", "十只以内先从您库存换给客户。"),
        ),
        step(
            ("Settle", "结算"),
            (
                "With the next order: goods or a credit note within ten working days.",
                "随下一单补货或开红字，十个工作日内。",
            ),
        ),
    ),
    heading("Not covered", "不在保修范围"),
    bullets(
        ("Voltage above 265 V, lightning without SPD.", "电压超过 265V、未装浪涌的雷击。"),
        ("Water through an open gland, a cut lead.", "接头未拧紧、出线剪短造成进水。"),
        ("Strips bent, stretched, run on the roll.", "灯带折弯、拉伸、整卷通电烧毁。"),
        ("Fading down to 70 % within the rated life.", "额定寿命内光通量降至 70% 以上。"),
    ),
    downloads(("Form", "表格"), "warranty-form"),
    script(
        ("I have lost the receipt.", "票据丢了。"),
        (
            "The batch tells the month it left the factory; we count from there plus six months. Show me the label.",
            "批次号能看出出厂月份，按出厂加六个月起算。您给我看标签。",
        ),
        ("A way instead of a no.", "给办法，不说不行。"),
    ),
    faq(
        (
            ("Must the old goods be sent back?", "旧货要寄回吗？"),
            (
                "From ten pieces on: two samples. Keep the others for thirty days.",
                "十只以上寄两只样品，其余保留三十天。",
            ),
        ),
    ),
    keywords=("guarantee, claim, years", "保修期, 三包, 退换"),
    kind="reference",
)

RETURNS = topic(
    "returns-and-complaints",
    ("Returns, wrong deliveries, complaints", "退换货、发错货与投诉"),
    (
        "What goes back, in which time, and how to end a quarrel with an order.",
        "什么能退、多久内退，怎么把投诉变成下一单。",
    ),
    table(
        ("Returns", "退换货规则"),
        (("Case", "情况"), ("Within", "期限"), ("Condition", "条件"), ("Cost", "费用")),
        (
            ("Ordered too much", "订多了"),
            ("30 days", "30 天"),
            ("full cartons, unopened", "整箱未拆"),
            ("8 % and freight", "8% 折旧加运费"),
        ),
        (("We sent the wrong goods", "发错货"), ("15 days", "15 天"), ("unused", "未使用"), ("none", "免费")),
        (
            ("Damaged in transport", "运输破损"),
            ("48 hours", "48 小时"),
            ("photograph with the label", "带面单照片"),
            ("none", "免费"),
        ),
        (("Cut cable, strips", "裁切线缆、灯带"), "–", ("no return", "不退"), "–"),
        (("Project orders", "工程定制"), "–", ("no return", "不退"), "–"),
    ),
    numbered(
        (
            "Check the parcel before you sign; write damage on the carrier's paper.",
            "签收前验货，破损写在物流单上。",
        ),
        (
            "Report differences on the receipt of the order, not by phone: the warehouse sees it at once.",
            "差异在订单收货页登记，不要只打电话，仓库马上能看到。",
        ),
        ("Keep the carton until the case is closed.", "结案前保留外箱。"),
    ),
    heading("Four sentences for an angry customer", "面对生气客户的四句话"),
    text(
        (
            "“I see it.” – “It should not be so.” – “By four o'clock I will tell you what happens.” – and at four o'clock the call.",
            "“我看到了。”“不应该这样。”“下午四点前给您答复。”——四点钟准时打过去。",
        ),
    ),
    script(
        (
            "Six of forty panels have a dark edge. I take the next brand.",
            "四十块面板灯六块黑边，下次换牌子。",
        ),
        (
            "Six are too many. I bring you eight tomorrow, two stay with you as spares, and I want the six for the factory. On the next floor we will hang them on the same day, so that you see each of them lit before it is paid.",
            "六块确实太多。明天我送八块，两块给您备用，这六块我带回工厂。下一层装的时候我到场，每块点亮您再付款。",
        ),
        ("More than asked, at once, and a next date together.", "给得比要的多、马上给、顺势约下一次。"),
        "LH-PE-0606",
    ),
    warning(
        "note",
        ("Who decides", "审批权限"),
        (
            "Up to 2,000 yuan you, up to 10,000 your channel sales, beyond that the quality department within two days.",
            "2000 元以内您决定，1 万元以内渠道销售，超过由品质部两天内答复。",
        ),
    ),
    keywords=("refund, wrong goods, damage", "退货, 破损, 客诉"),
)

TRAINING = topic(
    "training-new-sellers",
    ("The first two weeks of a new seller", "新销售入职两周计划"),
    ("A plan for ten days: read, watch, sell, explain.", "十天计划：看、跟、卖、讲。"),
    table(
        ("Ten days", "十天安排"),
        (("Day", "天", "number"), ("Read", "学习"), ("Do", "实操")),
        (1, ("Brightness, colour temperature", "光通量、色温"), ("sort bulbs by tone", "按光色理货")),
        (2, ("CRI, glare", "显色、眩光"), ("demonstration with the red packet", "红包演示")),
        (3, ("Downlights, panels", "筒灯、面板"), ("count lamps for a plan", "看图点灯")),
        (4, ("Strips, drivers", "灯带、电源"), ("size five coves", "算五条灯槽")),
        (5, ("Switches, sockets", "开关插座"), ("wire a two-way circuit", "接一组双控")),
        (6, ("Breakers, leakage", "空开、漏保"), ("make up a box for 110 m²", "配一个 110 平的箱")),
        (7, ("Electrician, contractor", "水电工、装修公司"), ("half a day with a master", "跟师傅半天")),
        (8, ("Objections", "异议"), ("role play, three rounds", "对练三轮")),
        (9, ("Warranty, returns", "质保、退换"), ("one real case", "处理一单售后")),
        (10, ("Everything again", "复习"), ("explain one topic to a colleague", "给同事讲一课")),
    ),
    downloads(("Training deck", "培训课件"), "training-deck"),
    state="scheduled",
    keywords=("onboarding, training plan", "新人培训, 带教"),
)

CHAPTER = chapter(
    "after-sales",
    ("Warranty and after-sales", "质保与售后"),
    ("Where the second order begins.", "第二单从这里开始。"),
    WARRANTY,
    RETURNS,
    TRAINING,
)
