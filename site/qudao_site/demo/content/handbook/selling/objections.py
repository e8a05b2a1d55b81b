"""What customers object, and answers that are true."""

from __future__ import annotations

from ..shapes import bullets, chapter, heading, numbered, script, table, text, topic, warning

EXPENSIVE = topic(
    "too-expensive",
    ("“Too expensive”", "“太贵了”"),
    ("It means four different things. Ask before you answer.", "这句话有四种意思，先问清楚再回答。"),
    text(
        (
            "Never lower the price at the first sound. Ask: <i>compared with what?</i> The answer tells which of the four it is.",
            "别一听就降价。先问一句：<i>您是跟什么比？</i>答案会告诉您是哪一种。",
        ),
    ),
    table(
        ("Four meanings", "四种意思"),
        (("He means", "真实意思"), ("You hear", "典型说法"), ("You do", "怎么办")),
        (
            ("not the money now", "手头紧"),
            ("“this month…”", "“这个月……”"),
            ("smaller package, dates", "小套餐、分期"),
        ),
        (
            ("I do not see the difference", "看不出差别"),
            ("“a lamp is a lamp”", "“灯不都一样”"),
            ("show it", "当场演示"),
        ),
        (
            ("another offer is lower", "别家更低"),
            ("“the market has it for…”", "“市场上才卖……”"),
            ("compare the whole", "比总价"),
        ),
        (
            ("I want to have won", "想砍一刀"),
            ("“what is your last price?”", "“最低多少？”"),
            ("give something that costs little", "给点成本低的好处"),
        ),
    ),
    script(
        ("28 for a downlight! I saw one for 9.", "一个筒灯 28？网上 9 块。"),
        (
            "That one exists. It has no driver of its own, so all go out together, and Ra 70: look at your hand under it. Ours is 25.60, lasts 25,000 hours: a thousandth of a yuan an hour. Where will it hang, over the table or in the store?",
            "9 块的是有。不带独立驱动，一坏全坏；Ra70，您看手什么颜色。我们这款 25.6，能点 25000 小时，一小时一厘钱。您是装餐桌上还是储藏室？",
        ),
        (
            "Agree, show, divide by the hours, ask where. Sell the cheap one for the storeroom.",
            "先认同、再演示、摊到每小时，最后问装哪儿。储藏室就给他便宜款。",
        ),
        "LH-DR-9 LH-DS-9",
    ),
    script(
        ("What is your very last price?", "最低给多少？"),
        (
            "The price depends on quantity, and it stands in your price list: from the second carton you are in the next step. I will add the back boxes for today's order.",
            "价格看数量，价目表上写着，第二箱就到下一档。今天下单，底盒我送您。",
        ),
        ("Something that costs you 20 and is worth 40 to him.", "给一样您成本二十、他觉得值四十的东西。"),
        "LH-XB50",
    ),
    script(
        ("My budget is 3,000 for all lights.", "灯我总共就三千预算。"),
        (
            "Then let us spend it where people sit: living room and kitchen with Ra 90, corridor and balcony with A60. Here is the list for 2,940.",
            "那就花在人待的地方：客厅厨房用 Ra90，过道阳台用球泡。这张单子 2940。",
        ),
        ("Keep the sum, change the mixture.", "总价不动，改配比。"),
        "LH-CR-36 LH-DR-7 LH-A60-9",
    ),
    warning(
        "caution",
        ("Do not", "不要这样"),
        (
            "Do not run down the other product and do not invent a discount. Both are remembered longer than the price.",
            "不要贬低对手，不要编一个“今天特价”，客户记这个比记价格久。",
        ),
    ),
    heading("The arithmetic of a cheap lamp", "便宜灯的账怎么算"),
    text(
        (
            "Have the sum ready on a card. A corridor with twenty downlights that burn twelve hours: the lamp for 9 yuan uses 12 W for 700 lm, ours 9 W for 800 lm. Per year that is 52 kWh a piece against 39; at 0.6 yuan the difference is 8 yuan for each lamp and year. Every fifth of the cheap ones is changed in the first two years, and each change costs 40 yuan for ladder and man. After two years the cheap lamp has cost 9 + 16 of electricity + 8 of changes = 33 yuan, ours 25.60 and nothing else.",
            "把这笔账写在卡片上。一条走廊二十盏筒灯，每天亮十二小时：9 块的灯 12W 才 700 lm，我们 9W 有 800 lm。一年一盏 52 度对 39 度，按 0.6 元算每盏每年差 8 块。便宜灯两年内坏五分之一，换一次人工梯子 40 块。两年下来，便宜灯一盏实际多花电费 16、分摊换灯 8，再加 9 块买价，共 33；我们 25.6，没有别的了。",
        ),
        (
            "Do not do this sum for a storeroom that is lit ten minutes a day. There the cheap lamp is right, and saying so makes the customer believe you about the corridor.",
            "一天只亮十分钟的储藏室就别算这笔账，那里用便宜灯是对的。您说了实话，走廊那笔账他才信。",
        ),
    ),
    heading("After the price has been named", "报价之后"),
    numbered(
        (
            "Be silent. Whoever speaks first after a price gives something away.",
            "闭嘴。报完价谁先开口谁让步。",
        ),
        ("When he says “expensive”, nod. Then ask “compared with what?”", "他说贵，先点头，再问“跟什么比？”"),
        ("Answer one of the four meanings, not all of them.", "只回应四种意思里的那一种，不要全说一遍。"),
        (
            "Close with a question about the place, the date or the quantity, never about the price.",
            "用地点、日期、数量收尾，不要再回到价格。",
        ),
    ),
    keywords=("price, discount, budget", "砍价, 降价, 便宜"),
    kind="objection",
)

COMPETITOR = topic(
    "competitor-has",
    ("“Your competitor has…”", "“别家有……”"),
    (
        "Ten years' warranty, a smart app, 150 lm/W, a lower price: what to say.",
        "十年质保、智能 App、150 lm/W、价格更低，分别怎么说。",
    ),
    script(
        ("The other brand gives ten years.", "人家质保十年。"),
        (
            "Good. Ask two questions: on the driver too, and who pays for the ladder? We give five years with driver, and a spare on the shelf in Chengdu, Foshan and Hangzhou within two days.",
            "挺好，您问他两句：驱动包不包？上梯子的工钱谁出？我们五年包驱动，成都、佛山、杭州都有备件，两天到。",
        ),
        ("A long figure is worth what stands behind it.", "年限再长，要看背后兑不兑现。"),
        "LH-DS-12 LH-PE-0606",
    ),
    script(
        ("They have lamps with an app.", "人家有手机 App 控制。"),
        (
            "For a couple that likes toys that is fun. For a rental you want something that still works when the router is changed: Aura changes tone by the wall switch, no app, no account.",
            "小两口爱玩可以。出租房换个路由器就全掉线了。光环系列墙上开关就能调光色，不用 App 不用注册。",
        ),
        ("Turn a lack into a choice; do not pretend to have it.", "没有就说没有，把没有变成一种选择。"),
        "LH-CG-30 LH-CG-50",
    ),
    script(
        ("Their tube has 150 lm/W, yours 112.", "人家灯管 150 lm/W，你们才 112。"),
        (
            "Look at the small print: of the chip or of the lamp? Measured with the cover, most are at 110 to 120. If you need 150, our street lights have 140: there it pays, in the corridor it does not.",
            "看清楚是芯片光效还是整灯光效。带罩实测多半 110～120。真要高光效，我们路灯 140，用在那儿才划算，走廊没必要。",
        ),
        ("Data against data, measured at the same place.", "数据对数据，口径要一样。"),
        "LH-T8-12 LH-ST-100",
    ),
    bullets(
        (
            "Never say “I don't know that brand”. Say: “they make good X; for Y we are better, because…”",
            "别说“没听过这牌子”。说：“他家 X 做得不错，Y 这块我们更合适，因为……”",
        ),
        (
            "Write down what you hear and send it to your channel sales; it comes back as an argument.",
            "听到的对手动作记下来发给渠道销售，会变成新的话术回来。",
        ),
    ),
    keywords=("other brand, comparison", "竞品, 同行"),
    kind="objection",
)

FLICKER = topic(
    "will-it-flicker",
    ("“Will it flicker?”", "“会不会频闪？”"),
    (
        "Asked by parents, by people with headaches, and by everyone who has seen a video.",
        "家长、容易头疼的人、刷过短视频的人都会问。",
    ),
    script(
        ("My son's desk: does it flicker?", "给孩子书桌用的，会不会频闪？"),
        (
            "Let us look together: camera at the shortest exposure, one cheap lamp, then ours. The stripes are the flicker. Ours is below 3 % at 100 Hz, which the standard calls no effect.",
            "咱一起看：手机调到最短快门，先拍杂牌，再拍我们的，条纹就是频闪。我们 100Hz 波动深度低于 3%，标准里叫无影响水平。",
        ),
        ("Parents trust what they have filmed themselves.", "家长信自己拍出来的。"),
        "LH-PE-0606 LH-CR-24",
    ),
    script(
        ("It flickered at home with a dimmer.", "家里装了调光，灯就闪。"),
        (
            "Then dimmer and lamp do not suit each other. Which dimmer is it? For Mora LH-MD take the filament lamps or Aura; below 5 W no dimmer is happy.",
            "那是调光器和灯不匹配。您用的什么调光开关？墨拉 LH-MD 配灯丝泡或光环都没问题，负载低于 5W 什么调光器都不稳。",
        ),
        ("Ask for the second half of the pair.", "问清另一半是谁。"),
        "LH-MD150 LH-FA60-6",
    ),
    text(
        (
            'The background is in <a href="topic:flicker-and-dimming">Flicker and dimming</a>. Do not promise “no flicker at all”: say “below the level the standard calls no effect”.',
            '原理见<a href="topic:flicker-and-dimming">频闪与调光</a>。不要承诺“绝对无频闪”，要说“达到标准的无影响水平”。',
        ),
    ),
    bullets(
        (
            "Keep two lamps wired side by side at the counter, one of them a bad one from the market. Every phone is a measuring instrument.",
            "柜台常备两盏并排的灯，一盏是市场上买的劣质灯，每部手机都是测频闪的仪器。",
        ),
        (
            "Ask how it is dimmed before you recommend anything: wall dimmer, app, remote control or none.",
            "先问怎么调光：墙壁旋钮、App、遥控，还是不调，再推荐。",
        ),
        (
            "For schools give the values in writing: modulation, frequency, SVM, and who measured them.",
            "学校项目要给书面数据：波动深度、频率、SVM，以及谁测的。",
        ),
    ),
    keywords=("eyes, headache, phone camera", "护眼, 闪烁, 手机拍"),
    kind="objection",
)

DELIVERY = topic(
    "delivery",
    ("“When will it be here?”", "“什么时候到货？”"),
    ("What you may promise, and what to say when it is late.", "能承诺什么，晚了怎么说。"),
    table(
        ("From order to door", "下单到收货"),
        (("From", "发货仓"), ("To", "收货地区"), ("Working days", "工作日")),
        (("Foshan central warehouse", "佛山中央仓"), ("Guangdong, Guangxi", "广东、广西"), "1–2"),
        (("Foshan central warehouse", "佛山中央仓"), ("rest of China", "全国其他地区"), "3–5"),
        (("Hangzhou warehouse", "杭州分仓"), ("Zhejiang, Shanghai, Jiangsu", "江浙沪"), "1–2"),
        (("Chengdu warehouse", "成都仓"), ("Sichuan, Chongqing, Yunnan", "川渝滇"), "1–3"),
    ),
    script(
        ("I need it on Friday or I cancel.", "周五不到我就退单。"),
        (
            "Let me look: 40 are in Chengdu, they leave today. The other 20 come from Foshan on Monday. Shall I send the 40 now, without a second freight charge?",
            "我查一下：成都仓有 40 只，今天发。另外 20 只从佛山走，周一到。先发 40 只，不收二次运费，行吗？",
        ),
        (
            "Never a date without having looked; a part now is worth more than all later.",
            "没查库存绝不报日期；先到一部分比全都晚到强。",
        ),
    ),
    script(
        ("You said Tuesday, it is Thursday.", "说好周二，今天都周四了。"),
        (
            "You are right, and I should have called on Tuesday. The carrier shows it in Mianyang; it is with you tomorrow before noon. If not, I bring you ten from my own shelf.",
            "您说得对，周二我就该打给您。物流显示在绵阳，明天中午前到。不到我从店里先拿十只给您送去。",
        ),
        ("Own it, say where it is, name the next step.", "先认，再说在哪，最后给下一步。"),
    ),
    numbered(
        (
            "Look at stock and arrivals on the product's page before you speak.",
            "开口前先看商品页的库存和到货。",
        ),
        ("Say the day the carrier says, plus one.", "报物流日期再加一天。"),
        ("Call before he calls.", "在他打来之前打过去。"),
    ),
    keywords=("lead time, freight, late", "货期, 物流, 延期"),
    kind="script",
)

WARRANTY_TALK = topic(
    "warranty-objection",
    ("“What if it breaks?”", "“坏了怎么办？”"),
    ("Warranty as a reason to buy, with the papers ready.", "把质保变成成交理由，手续备好。"),
    script(
        ("And when it fails, I stand there.", "坏了还不是找我自己。"),
        (
            "You bring it here with the batch, I give you a new one the same day and settle with Lanhe myself. Five years on project lighting. In the last year it was three of 1,400.",
            "您拿着批次号过来，当天换新的给您，我跟岚禾结。工程照明五年。去年一千四百只里换了三只。",
        ),
        ("Who, when, how long, how often: four facts.", "谁管、多快、多久、多少，四句话说清。"),
        "LH-DS-12 LH-BP-12",
    ),
    script(
        ("Does it cover the work on the ladder?", "上门拆装的工钱包不包？"),
        (
            "Goods yes, work in projects that were registered before delivery. Yours is a project: let us register it now, it takes five minutes.",
            "货包换；报备过的项目人工也包。您这是项目，现在就报备，五分钟。",
        ),
        ("A limit becomes a service when you show the way across it.", "有限制不要紧，告诉他怎么跨过去。"),
    ),
    heading("What you must not say", "不能说的话"),
    bullets(
        ("“It never breaks.” Everything does.", "“不会坏。”什么都会坏。"),
        ("“Life-long warranty.” There is none.", "“终身质保。”没有这回事。"),
        (
            "“Just say it was like that.” Batches tell when it was installed.",
            "“就说买来就这样。”批次号看得出装了多久。",
        ),
    ),
    text(
        (
            "Have three things within reach: the form, the shelf with spares and a photograph of the returns box of last month, which is nearly empty. Customers believe what they can see. And enter every sale of more than fifty pieces with its batch, so that “what if” becomes a matter of two minutes.",
            "手边放三样东西：质保单、备件架、上个月退货箱的照片（基本是空的）。客户信眼见的。五十只以上的销售都登记批次，真坏了两分钟就能处理。",
        ),
    ),
    keywords=("guarantee, broken", "保修, 坏了, 售后"),
    kind="objection",
)

CHAPTER = chapter(
    "objections",
    ("Objections", "异议处理"),
    ("Five sentences every seller hears every week.", "每个销售每周都会听到的五句话。"),
    EXPENSIVE,
    COMPETITOR,
    FLICKER,
    DELIVERY,
    WARRANTY_TALK,
)
