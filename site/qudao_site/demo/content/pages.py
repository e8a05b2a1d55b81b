"""Pages of the demo brand beside the handbook: (slug, titles, summaries, (heading, text) …), each (English, Chinese)."""

from __future__ import annotations

Words = tuple[str, str]

#: slug, title, summary, parts of heading and paragraph.
PAGES: tuple[tuple[str, Words, Words, tuple[tuple[Words, Words], ...]], ...] = (
    (
        "delivery-and-freight",
        ("Delivery and freight", "交货与运费"),
        (
            "When an order leaves the warehouse, who pays the freight, and what to check at the door.",
            "订单什么时候出库、运费谁付、收货时查什么。",
        ),
        (
            (
                ("From the warehouse", "出库时间"),
                (
                    "Goods in stock that are released before 15:00 leave the same day from Foshan or Chengdu. "
                    "Made-to-order profiles and boxes take seven working days.",
                    "有库存的商品，15:00 前放行，当天从佛山或成都发出。定制型材与箱体需要七个工作日。",
                ),
            ),
            (
                ("Freight", "运费"),
                (
                    "From 3,000 CNY net an order travels free to the county seat. Below that, and beyond it, the carrier's "
                    "rate is charged without a surcharge. Lamps longer than 1.5 m go by truck only.",
                    "未税金额满 3,000 元，免费送到县城；不足或更远的按物流原价收取，不加价。"
                    "长度超过 1.5 米的灯具只能走专车。",
                ),
            ),
            (
                ("At the door", "收货时"),
                (
                    "Count the cartons before signing. Note broken ones on the carrier's slip and confirm the receipt here "
                    "within three days, with shortage and damage line by line and a photo.",
                    "先点箱数再签字。破损的写在物流单上，并在三天内到这里确认收货，逐行填写短缺与破损并附照片。",
                ),
            ),
        ),
    ),
    (
        "returns-and-claims",
        ("Returns and claims", "退换货与索赔"),
        (
            "What comes back, within which time, and what a claim needs.",
            "哪些能退、多久以内、索赔需要什么。",
        ),
        (
            (
                ("Unsold goods", "未售商品"),
                (
                    "Unopened cartons of the current range are taken back within 60 days for a restocking charge of 5 %. "
                    "Cut cable, opened cartons and discontinued articles stay with you.",
                    "在售商品整箱未拆，60 天内可退，收取 5% 的整理费。裁断的线缆、已拆箱和停产的商品不退。",
                ),
            ),
            (
                ("Faulty goods", "质量问题"),
                (
                    "Send the batch number from the lamp's label, two photos and how it was wired. A replacement leaves "
                    "within two working days; we ask for the faulty piece back only when the cause is unclear.",
                    "请提供灯体标签上的批次号、两张照片和接线方式。两个工作日内补发；原因不明时才需要寄回故障件。",
                ),
            ),
        ),
    ),
    (
        "contacts",
        ("Contacts and hours", "联系方式与服务时间"),
        (
            "Whom to call for orders, technique and claims.",
            "下单、技术、售后分别找谁。",
        ),
        (
            (
                ("Orders", "订单"),
                (
                    "Your sales contact stands on every order. Monday to Saturday, 8:30 to 18:00.",
                    "每张订单上都有您的销售代表。周一至周六 8:30–18:00。",
                ),
            ),
            (
                ("Technical line", "技术热线"),
                (
                    "Wiring, dimming and lighting plans: Monday to Friday, 9:00 to 17:30. Have the article number ready.",
                    "接线、调光、照明方案：周一至周五 9:00–17:30。来电前请备好货号。",
                ),
            ),
        ),
    ),
)
