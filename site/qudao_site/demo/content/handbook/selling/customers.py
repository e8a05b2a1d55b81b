"""Who comes into the shop, what they fear and what they buy."""

from __future__ import annotations

from ..shapes import (
    bullets,
    chapter,
    downloads,
    faq,
    heading,
    numbered,
    products,
    script,
    step,
    steps,
    table,
    text,
    topic,
)

ELECTRICIAN = topic(
    "electricians",
    ("The electrician", "水电工师傅"),
    (
        "Buys ten times a month, recommends to everyone, hates coming back to a job.",
        "一个月来十趟，逢人就推荐，最怕返工。",
    ),
    text(
        (
            "He decides what is built in, though he seldom pays. What counts for him is <b>time</b>: terminals that take two wires, plates that sit straight, boxes that do not break. And that he never has to go back.",
            "料多半不是他付钱，但装什么他说了算。他看重的是<b>省时间</b>：端子好接线、面板装得平、底盒不裂，最重要的是不用返工。",
        ),
    ),
    bullets(
        (
            "Opens at seven. If you do not, he has bought elsewhere.",
            "早上七点就要拿料，您没开门他就去了别家。",
        ),
        (
            "Keep rolls of BV 2.5, LH-BN1 and LH-XB50 at the counter.",
            "BV 2.5 平方、LH-BN1、LH-XB50 放在门口随手能拿。",
        ),
        (
            "Teach him one thing per visit: this handbook opens on a phone.",
            "每次来教他一招，这本手册手机就能看。",
        ),
    ),
    script(
        ("Give me the cheap breakers, the owner won't see them.", "空开拿便宜的就行，业主又看不见。"),
        (
            "He won't see them until one trips at midnight, and then he calls you. LH-BN1 is one module and holds your terminal at 2 Nm. On a flat of eleven circuits it is fifty yuan, and your number is on the door.",
            "平时看不见，半夜跳闸他第一个打给您。LH-BN1 只占一位，端子 2 牛·米不滑丝。十一路的房子也就多五十块，箱门上贴的可是您的电话。",
        ),
        (
            "He sells his reputation; a second visit costs him half a day.",
            "师傅卖的是口碑，返工一趟就是半天工钱。",
        ),
        "LH-BN1 LH-BR1",
    ),
    script(
        ("Others give me five per cent in my pocket.", "别家给我五个点回扣。"),
        (
            "We give it on the invoice, by quantity, and points for the training. A master with our certificate gets the jobs that come through our site.",
            "我们直接按量在单子上让，另外培训有积分。考过岚禾认证的师傅，平台来的安装单优先派。",
        ),
        (
            "Clean money can be repeated; and it binds him to you, not to one deal.",
            "明账才做得长，绑定的是人，不是一单。",
        ),
    ),
    products(("At his elbow", "师傅常备"), "LH-BN1 LH-BC1 LH-XB50 LH-BV25 LH-MP5"),
    text(
        (
            "Once a quarter invite eight masters to the shop on a rainy morning: breakfast, one new product, one fault to be found in a prepared box, a prize for the quickest. It costs two hundred yuan and is talked about for weeks. Write down who asked what; those are your next ten orders.",
            "每季度挑个下雨的早上，请八位师傅到店：吃早点、看一款新品、在预设故障的配电箱里比赛查故障，最快的有奖。两百块钱的事，能被念叨几个星期。谁问了什么记下来，那就是接下来的十张单。",
        ),
    ),
    keywords=("installer, tradesman", "师傅, 电工, 安装工"),
    kind="customer_type",
)

CONTRACTOR = topic(
    "contractors",
    ("The decoration contractor", "装修公司与工长"),
    (
        "Buys by the flat, pays late, wants one price and one delivery.",
        "按套采购、账期长、要一口价一次到货。",
    ),
    text(
        (
            "He calculates by the square metre and lives on what is left. Offer him <b>packages</b>: one list for 70, 110 and 160 m², one price, delivered in two lots (first fix: boxes, wires, conduits; second fix: devices and lamps).",
            "他按平方米算账，赚的是剩下的钱。给他做<b>套餐</b>：70、110、160 平方米三张清单，一口价，分两次送货（一次硬装前：底盒电线；一次收尾：面板灯具）。",
        ),
    ),
    table(
        ("Package for 110 m²", "110 平方米套餐示例"),
        (("Part", "部分"), ("Articles", "商品"), ("Quantity", "数量")),
        (
            ("First fix", "一次布线"),
            "LH-XB50, LH-XG24, LH-BV25, LH-BV40",
            ("95 boxes, 1 box, 8 + 3 rolls", "底盒 95，箱 1，线 8+3 卷"),
        ),
        (("Second fix", "面板"), "LH-MS11, LH-MS22, LH-MP5, LH-MP16", ("14, 6, 26, 6", "14、6、26、6")),
        (("Light", "灯具"), "LH-CR-36, LH-CR-24, LH-DR-7, LH-S24-120", ("1, 3, 18, 15 m", "1、3、18、15 米")),
        (("Protection", "保护"), "LH-BI2, LH-BF2, LH-BN1, LH-BR1", ("1, 2, 8, 3", "1、2、8、3")),
    ),
    numbered(
        ("Ask for the drawings; count together.", "先要图纸，一起点数。"),
        ("Agree credit and limit before the first van.", "第一车货之前谈好账期和额度。"),
        ("Deliver on the day; he has men standing there.", "说好哪天就哪天送，工人在等。"),
    ),
    script(
        ("Match the price of the wholesale market or I go there.", "按批发市场的价给我，不然我去那边拿。"),
        (
            "On the strip I cannot, on the flat I can. Let us put the list together: the market does not deliver in two lots, does not take back what is left, and cannot tell you which breaker fits. The sum is what you pay.",
            "单看灯带我做不到，整套我能做到。咱把清单拉一遍：市场不给您分两次送，剩料不退，也不会告诉您配哪个空开。您看总价。",
        ),
        (
            "Lead away from the single price; the sum contains his own time.",
            "从单价引到总价，总价里有他自己的时间成本。",
        ),
        "LH-S24-120 LH-XG24 LH-BF2",
    ),
    downloads(("For the conversation", "谈单资料"), "price-policy parameters"),
    keywords=("renovation, builder, package", "工长, 装企, 全屋套餐"),
    kind="customer_type",
)

SHOP = topic(
    "shop-owners",
    ("The shop owner who lights his shop", "开店老板给自己店装灯"),
    (
        "Opens in twelve days, has never bought a spot, wants goods to look good.",
        "还有十二天开业，从没买过射灯，只想货好看。",
    ),
    text(
        (
            "He does not buy lamps; he buys turnover. Do not show him a catalogue: take two spots and his goods, and switch. Then count the metres of shelf, not of ceiling.",
            "他买的不是灯，是营业额。别给他翻目录，拿两盏射灯打在他的货上开给他看。算的时候按货架米数，不按天花面积。",
        ),
    ),
    steps(
        ("Fifteen minutes", "十五分钟谈法"),
        step(
            ("Ask for three photographs", "要三张照片"),
            ("Front, middle, the best-selling shelf.", "门头、店内、最好卖的货架。"),
        ),
        step(("Show", "对比演示"), ("Ra 80 beside Ra 95 on his goods.", "Ra80 和 Ra95 打在他的货上。")),
        step(
            ("Offer three sums", "报三个总价"),
            ("Good, better, best; most take the middle.", "低中高三档，多数选中间。"),
        ),
    ),
    script(
        (
            "Why eight spots of 72 when one panel of 96 lights it all?",
            "一块面板灯 96 就全照亮了，为什么要八盏 72 的射灯？",
        ),
        (
            "One panel makes it bright; spots make them look. Here, the same bag: which one would you pick up?",
            "面板灯是照亮，射灯是让人想看。您看同一个包，哪边的您会拿起来？",
        ),
        ("Show, ask, be silent.", "演示、提问、闭嘴等他答。"),
        "LH-DT-20 LH-PE-0606",
    ),
    script(
        ("The landlord's lamps are still good.", "房东的灯还能用。"),
        (
            "For the storeroom, yes. They use 36 W of mains and leave fruit grey. Exchanging them pays in fourteen months of your electricity, and in the first week of fruit.",
            "仓库可以留着用。36 瓦的老灯管费电，水果照得发灰。换了光电费十四个月回本，水果好卖第一周就回来了。",
        ),
        ("Two reasons: one for the head, one for the till.", "一个理由给脑子，一个给收银台。"),
        "LH-T8-12 LH-DA-15",
    ),
    products(("First basket", "首单清单"), "LH-DT-20 LH-DA-10 LH-DC-10 LH-S24-120 LH-PD24-100"),
    text(
        (
            "Before he leaves, agree a date after the opening: you come at dusk, turn the spots once more and take photographs. The photographs are your next reference, the second visit sells the sign and the window.",
            "走之前约好开业后的一个傍晚：您去把射灯再调一遍，顺便拍照。照片就是下一个案例，第二次上门还能卖招牌灯和橱窗灯。",
        ),
    ),
    keywords=("retail, store, boutique", "门店, 店主, 商铺"),
    kind="customer_type",
)

PROJECT_BUYER = topic(
    "hotel-and-office-buyers",
    ("The buyer of a hotel or office project", "酒店、办公项目采购"),
    ("Three offers, a specification, a date that does not move.", "货比三家、有技术标、工期不能动。"),
    text(
        (
            "Four people decide: the <b>designer</b> (looks), the <b>engineer</b> (data), the <b>buyer</b> (price), the <b>operator</b> (what breaks). Find out who is who before you send a price; each needs another page of this handbook.",
            "拍板的有四个人：<b>设计师</b>看效果，<b>机电</b>看参数，<b>采购</b>看价格，<b>运营</b>看好不好修。报价前先弄清谁是谁，每个人要看的内容不一样。",
        ),
    ),
    table(
        ("What to bring to whom", "见谁带什么"),
        (("Person", "角色"), ("Question", "关心"), ("Bring", "带什么")),
        (
            ("Designer", "设计师"),
            ("how does the wall look?", "墙面什么效果？"),
            ("sample case, beam pictures", "样品箱、光斑图"),
        ),
        (
            ("Engineer", "机电工程师"),
            ("flicker, UGR, power factor", "频闪、UGR、功率因数"),
            ("parameters, IES files", "参数表、IES 文件"),
        ),
        (("Buyer", "采购"), ("three offers alike", "三家可比"), ("offer in his template", "按他的模板报价")),
        (
            ("Operator", "运营方"),
            ("who changes it in year three?", "第三年谁来换？"),
            ("spares, warranty form", "备件方案、质保单"),
        ),
    ),
    script(
        ("Your downlight is 22 per cent over the second bidder.", "你们筒灯比第二名贵 22%。"),
        (
            "With a CRI of 90, flicker below 3 % and five years. Let us put the second lamp into the sample room beside ours and film both with a phone. If you see no difference, take it.",
            "我们 Ra90、频闪低于 3%、质保五年。把第二名的灯装到样板间并排放，拿手机拍一下。看不出差别，您用他的。",
        ),
        ("A test that you offer yourself shows that you know the result.", "主动提出测试，说明您心里有底。"),
        "LH-DR-9 LH-DA-10",
    ),
    script(
        ("We need DALI in the ballroom, and you show 0–10 V.", "宴会厅要 DALI，你们样册上是 0-10V。"),
        (
            "The catalogue shows what is on the shelf. DALI-2 drivers come as a project order in four weeks; the luminaire stays the same. I will send you the data sheet today.",
            "样册是现货。DALI-2 驱动走工程定制，四周到货，灯体不变。参数表今天发您。",
        ),
        ("Separate stock from ability, and name the day.", "现货和能做是两回事，并且说出具体日期。"),
    ),
    bullets(
        ("Card switches LH-MXCARD in every room, 1 % spare.", "客房每间一只插卡取电 LH-MXCARD，备 1%。"),
        ("Meters with a bus (LH-EM1R) for tenants.", "租区分表用带总线的 LH-EM1R。"),
        ("One batch per floor; say it in the order's note.", "一层一个批次，写进订单备注。"),
    ),
    products(("Hotel room", "酒店客房"), "LH-MXCARD LH-DR-7 LH-DA-7 LH-SC-320 LH-MPU2AC"),
    heading("From the first call to the order", "从第一通电话到下单"),
    numbered(
        (
            "<b>Week 1.</b> Register the project, get drawings and specification, name the four people.",
            "<b>第 1 周</b>：项目报备，拿图纸和技术标，弄清四个角色。",
        ),
        (
            "<b>Week 2.</b> Parts list with alternatives; mark every line where the specification names a competitor and what of ours is equal.",
            "<b>第 2 周</b>：出清单和备选，凡是技术标里点名竞品的，逐条注明我方等同型号。",
        ),
        (
            "<b>Week 3.</b> Sample room; two evenings, one for the designer, one for the operator.",
            "<b>第 3 周</b>：样板间，两个晚上，一晚给设计师，一晚给运营。",
        ),
        (
            "<b>Week 4.</b> Offer in the buyer's template, with the date of the first delivery and the batch rule.",
            "<b>第 4 周</b>：按采购模板报价，写明首批到货日期和批次规则。",
        ),
        (
            "<b>Afterwards.</b> One person who answers within two hours. Projects are lost in the silence between offer and order.",
            "<b>之后</b>：固定一个人，两小时内回复。项目往往丢在报价到下单之间的沉默里。",
        ),
    ),
    faq(
        (
            ("The tender wants a certificate we do not have.", "招标要的证书我们没有？"),
            (
                "Ask what it is to prove; often a test report does. Otherwise say it on the first day, not on the last.",
                "问清它要证明什么，很多时候检测报告可以替代；不行就第一天说，不要拖到最后一天。",
            ),
        ),
        (
            ("The designer wants another finish.", "设计师要特殊颜色？"),
            ("From 300 pieces any RAL colour in five weeks.", "300 件起可做任意 RAL 色，五周交货。"),
        ),
    ),
    keywords=("tender, specification, project", "招标, 甲方, 工装"),
    kind="customer_type",
)

MANAGER = topic(
    "property-managers",
    ("The property manager", "物业经理"),
    (
        "Replaces 2,000 lamps a year, answers to owners, counts kilowatt-hours.",
        "一年换两千只灯，要对业主交代，盯着电费。",
    ),
    text(
        (
            "He has no budget for new things but one for electricity. Turn one into the other: a car park with 200 twin tubes of 2 × 36 W burns 126,000 kWh a year; LH-BP-06 with sensors 12,000. At 0.8 yuan the whole exchange is paid in nine months.",
            "他没有改造预算，但有电费预算。把两笔账接起来：200 套 2×36W 双管的车库一年 12.6 万度电；换成 LH-BP-06 加感应约 1.2 万度。按 0.8 元一度，九个月收回全部改造款。",
        ),
    ),
    table(
        ("The car park, per year", "车库年度对比"),
        (("", ""), ("Old", "改造前", "number"), ("New", "改造后", "number")),
        (("Power per lamp, W", "单灯功率 W"), 72, 20),
        (("Hours at full light", "全亮小时"), 8760, 2900),
        (("kWh for 200 lamps", "200 盏用电 kWh"), 126144, 11600),
        (("Cost, yuan", "电费（元）"), 100915, 9280),
        (("Lamps exchanged", "更换灯管（支）"), 260, 4),
    ),
    script(
        ("We have no money this year.", "今年没预算。"),
        (
            "You have it already: it is in the electricity. We deliver now, you pay in four parts out of what is saved, the first after three months. Here is the calculation for your car park.",
            "钱您已经有了，就在电费里。我们先送货，您分四期从省下的电费里付，第一期三个月后。这是您车库的测算表。",
        ),
        ("Make the purchase a saving with dates.", "把采购变成有日期的省钱计划。"),
        "LH-BP-06 LH-SEC",
    ),
    faq(
        (
            ("He wants the tubes only, no sensors.", "他只换灯管不要感应？"),
            (
                "Then half the saving goes. Offer one level as a trial, measure a month.",
                "那就少省一半。先拿一层试点，装表量一个月。",
            ),
        ),
        (
            ("Who climbs up there?", "谁来施工？"),
            ("Name two electricians from your own customers.", "从您的水电师傅客户里推荐两位。"),
        ),
    ),
    products(("For buildings", "物业常用"), "LH-BP-06 LH-T8-12 LH-SEC LH-EM3R LH-BH-12"),
    keywords=("facility, retrofit, car park", "物业, 改造, 节能"),
    kind="customer_type",
)

ONLINE = topic(
    "online-resellers",
    ("The online reseller", "网店卖家"),
    ("Lives on photographs, reviews and parcels that arrive whole.", "靠图片、评价和不破损的包裹吃饭。"),
    text(
        (
            "He needs goods that explain themselves: one box, one bar code, pictures, titles with the words people type. Our data sheets and pictures are in the documents; barcodes stand on every product's page.",
            "他要的是不用解释的货：一盒一码、图片齐、标题带热词。资料和图片在文档区，条码在每个商品页上。",
        ),
        (
            "Returns eat him. Bulbs and strips are returned for tone and length: put “3000 K is yellowish” and “sold by rolls of 5 m” into the second picture.",
            "他最怕退货。灯泡灯带退货大多因为光色和米数，把“3000K 偏黄”“整卷 5 米起卖”写进第二张图。",
        ),
    ),
    table(
        ("What people type", "买家搜什么词"),
        (("They type", "搜索词"), ("They mean", "对应商品")),
        (("downlight, spot", "筒灯、射灯、牛眼灯、天花灯"), "LH-DR, LH-DA"),
        (("strip, LED tape, light belt", "灯带、灯条、软灯带、霓虹"), "LH-S24, LH-SC"),
        (("breaker, trip switch", "空开、空气开关、断路器、闸"), "LH-BC, LH-BN"),
        (("leakage switch, RCBO", "漏保、漏电开关、保命开关"), "LH-BR, LH-BF"),
        (("power strip, extension", "排插、插排、拖线板、插线板"), "LH-PS"),
    ),
    script(
        ("Give me the dealer price and I sell below the list.", "给我经销价，我低于标价卖走量。"),
        (
            "Price you can do; the floor in the price policy holds for everybody, and our watch looks every week. What wins online is the review: take the assortment that returns least, here are the figures.",
            "卖多少您定，但价格政策里的底线对谁都一样，每周都在巡价。网上拼的是评价，挑退货率最低的品，数据在这儿。",
        ),
        (
            "Name the rule without threatening, then offer a better way to win.",
            "规则说清不吓唬，再给一条更好的路。",
        ),
        "LH-PS4 LH-A60-9 LH-MPU1C",
    ),
    heading("Parcels", "发货包装"),
    bullets(
        (
            "Glass (LH-FA60, LH-T8) in the inner carton of ten; single tubes cannot be sent.",
            "玻璃类（LH-FA60、LH-T8）用十只内盒；单支灯管不能寄。",
        ),
        ("Panels only in the original carton of six, edges upwards.", "面板灯只用原箱六片装，立放。"),
    ),
    products(("Goods with few returns", "低退货率商品"), "LH-PS3 LH-PS4 LH-MPU1C LH-CR-24 LH-SEC"),
    keywords=("e-commerce, marketplace", "电商, 网店, 淘客"),
    kind="customer_type",
)

CHAPTER = chapter(
    "customers",
    ("Customer types", "客户类型"),
    ("Six people, six ways to say the same.", "六类客户，六种说法。"),
    ELECTRICIAN,
    CONTRACTOR,
    SHOP,
    PROJECT_BUYER,
    MANAGER,
    ONLINE,
)
