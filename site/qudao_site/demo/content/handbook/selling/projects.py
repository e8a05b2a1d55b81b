"""Projects: prices, registration, samples. For gold and platinum partners only."""

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

REGISTRATION = topic(
    "project-registration",
    ("Registering a project", "项目报备"),
    ("Who registers first is protected for ninety days.", "先报先得，保护九十天。"),
    steps(
        ("In five minutes", "五分钟报备"),
        step(
            ("Name it", "项目信息"), ("Owner, address, size, date of tender.", "业主、地址、规模、开标时间。")
        ),
        step(("List", "清单"), ("Families and quantities, also estimated.", "系列和数量，预估也行。")),
        step(
            ("Send", "提交"),
            ("To your channel sales with one photograph of the site.", "附一张现场照片发给渠道销售。"),
        ),
        step(
            ("Answer", "答复"),
            (
                "Within one working day: protected, shared or taken.",
                "一个工作日内回复：保护、共享或已被报备。",
            ),
        ),
    ),
    table(
        ("What registration brings", "报备的好处"),
        (
            ("Quantity of the project, yuan", "项目金额（元）"),
            ("Extra discount, %", "额外折扣 %", "number"),
            ("Samples free", "免费样品", "number"),
            ("Work covered by warranty", "质保含人工"),
        ),
        ("30,000–100,000", 3, 4, ("no", "否")),
        ("100,000–500,000", 6, 10, ("yes", "是")),
        (("above 500,000", "50 万以上"), 9, 20, ("yes, with a visit", "是，含现场")),
    ),
    faq(
        (
            ("Two partners on one project?", "两家同时跟？"),
            (
                "The first registration counts. The second gets the supply if the owner names it in writing.",
                "以先报备为准；业主书面指定的，可由第二家供货。",
            ),
        ),
        (
            ("Ninety days are over.", "九十天到期？"),
            ("Extend twice, each time with news from the site.", "可延两次，每次要有现场进展。"),
        ),
    ),
    text(
        (
            "A registration without a decision-maker's name is a wish. Before you send it find out who signs, who advises and when the drawings were made; drawings older than a year are usually being changed, and that is your chance to be in the new ones.",
            "报备里没有决策人姓名，等于许愿。提交前弄清谁签字、谁把关、图纸什么时候出的；一年以上的旧图多半要改，正好借机写进新图。",
        ),
    ),
    keywords=("deal registration, protection", "备案, 保护期"),
)

PROJECT_PRICES = topic(
    "project-prices",
    ("Project prices and margins", "项目价与毛利"),
    (
        "How far you may go by yourself, and what to give instead of per cents.",
        "您自己能让到哪，以及不让点数可以给什么。",
    ),
    text(
        (
            "Your tier price is the start; the project discount comes on top and is named in the contract list for that address only. Below that an approval is needed, and it takes two days: ask before you sit at the table.",
            "等级价是起点，项目折扣叠加在上面，只写进该项目地址的协议价目表。再往下要审批，需两天，上谈判桌之前先申请。",
        ),
    ),
    table(
        ("Room for manoeuvre", "授权范围"),
        (("Level", "层级"), ("Below tier price, %", "低于等级价 %", "number"), ("Who", "谁批")),
        (("yourself", "自主"), 3, ("partner", "合作伙伴")),
        (("sales", "销售"), 6, ("channel sales", "渠道销售")),
        (("region", "大区"), 10, ("channel manager", "渠道经理")),
    ),
    heading("Give something else", "换一种让法"),
    bullets(
        ("Mounting samples in one room.", "样板间免费安装。"),
        ("Spare parts of 1 % in the first delivery.", "首批附 1% 备件。"),
        ("Payment in parts by floor.", "按楼层分期付款。"),
    ),
    script(
        ("The second bidder is eight per cent below you.", "第二家比你低八个点。"),
        (
            "Then compare driver, batch and five years with work. If after that it is price alone, I can give four on strips and panels, none on protection. And the sample floor is yours on Monday.",
            "那就比驱动、比批次、比五年含人工。比完还只剩价格，灯带面板我能让四个点，保护类不让，样板层周一给您装好。",
        ),
        ("Give late, give little, give with a condition.", "晚让、少让、有条件地让。"),
        "LH-SC-480 LH-PE-0606 LH-BR2",
    ),
    warning(
        "caution",
        ("Confidential", "内部资料"),
        (
            "This page is for gold and platinum partners. Do not forward it.",
            "本页仅供金牌及白金合作伙伴使用，请勿外传。",
        ),
    ),
    downloads(("Policy", "政策文件"), "price-policy"),
    keywords=("discount, margin, approval", "特价, 毛利, 审批"),
)

SAMPLES = topic(
    "sample-room",
    ("The sample room decides", "样板间定输赢"),
    ("One room, two evenings, four people. A checklist.", "一间房、两个晚上、四个人，一张清单。"),
    numbered(
        ("Mount on the designer's plan, not on yours.", "按设计师的图装，不按您的想法装。"),
        ("One scene for day, one for night, one for cleaning.", "白天、夜晚、清洁三个场景。"),
        ("The competitor's lamp beside it, on the same switch.", "对手的灯装旁边，同一个开关。"),
        ("Film with a phone, send the film to the four that decide.", "手机录像，发给四位决策人。"),
    ),
    table(
        ("Case for a hotel room", "酒店样板间用料"),
        (("Article", "货号"), ("Pieces", "数量", "number")),
        ("LH-DA-7", 6),
        ("LH-DR-7", 4),
        ("LH-SC-320", 10),
        ("LH-PD24-100", 1),
        ("LH-MXCARD", 1),
        ("LH-MPU2AC", 4),
    ),
    text(
        (
            "A sample room is no exhibition. It answers one question: will the operator be content in the third year? So hang what will be delivered, in the batch that will be delivered, with the dimmer that will be delivered; and leave it lit for two weeks before the decision.",
            "样板间不是展厅，它只回答一个问题：第三年运营方还满不满意？所以要装将来交付的那一批货、那一款调光，并在定标前连续点亮两周。",
        ),
    ),
    state="moderation",
    keywords=("mock-up, show flat", "样板房, 打样"),
)

RETROFIT = topic(
    "energy-contracts",
    ("Energy contracts: lamps paid by savings", "合同能源管理：用省下的电费付灯款"),
    ("First notes; figures are being checked.", "初稿，数据待核。"),
    text(
        (
            "The partner delivers and finances, the owner pays a share of what the meter shows less. Typical: 70 % for three years.",
            "合作伙伴供货垫资，业主按电表少走的部分分成，常见为三年、70%。",
        ),
    ),
    table(
        ("Example", "示例"),
        (("Item", "项目"), ("Yuan", "元", "number")),
        (("Investment", "投资"), 84000),
        (("Saving per year", "年节省"), 91600),
        (("Share 70 %", "分成 70%"), 64120),
    ),
    state="draft",
    keywords=("EMC, ESCO", "EMC, 节能分成"),
)

CHAPTER = chapter(
    "projects",
    ("Projects (gold and platinum)", "项目销售（金牌、白金）"),
    ("Registration, prices, samples.", "报备、价格、样板间。"),
    REGISTRATION,
    PROJECT_PRICES,
    SAMPLES,
    RETROFIT,
    audiences=("tier:gold", "tier:platinum"),
)
