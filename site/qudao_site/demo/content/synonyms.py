"""Words that dealers use for the same thing, as the channel's editors keep them."""

from __future__ import annotations

#: Each word finds all of them.
SAME: tuple[tuple[str, ...], ...] = (
    ("断路器", "空开", "空气开关", "微断"),
    ("circuit breaker", "MCB", "trip switch"),
    ("漏电断路器", "剩余电流动作开关", "漏保", "漏电开关", "触电保护器"),
    ("SPD", "surge protector", "浪涌保护器", "防雷器", "避雷器"),
    ("排插", "插线板", "拖线板", "接线板", "插排", "拖板"),
    ("power strip", "extension lead", "extension block"),
    ("电能表", "电表", "电度表"),
    ("底盒", "暗盒", "接线底盒"),
    ("投光灯", "泛光灯"),
    ("灯带", "灯条", "软灯条", "软灯带", "光带"),
    ("LED strip", "LED tape", "strip light"),
    ("球泡", "灯泡"),
    ("暖白", "暖光", "暖黄", "暖黄光", "暖白光"),
    ("自然光", "中性光", "中性白"),
    ("正白", "冷白", "冷光", "白光"),
    ("吸顶灯", "天花灯", "顶灯"),
    ("配电箱", "强电箱", "电箱", "空开箱"),
    ("distribution box", "consumer unit", "distribution board"),
    ("接触器", "继电器"),
    ("显色指数", "显指", "CRI", "colour rendering"),
    ("色温", "CCT", "colour temperature"),
    ("downlight", "can light", "recessed light"),
    ("socket", "outlet", "receptacle"),
    ("flood light", "floodlight"),
    ("质保", "保修", "三包"),
    ("物流", "货运", "发货"),
    ("Type-C", "TypeC", "USB-C"),
    ("neutral white", "natural white", "cool neutral"),
    ("warm white", "soft white"),
    ("cool white", "daylight", "day white"),
)
#: The words find what is named behind them, not the other way round.
ONE_WAY: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (("RCD",), ("RCBO", "residual current")),
    (("变压器", "整流器", "LED变压器"), ("驱动电源",)),
    (("日光灯", "光管"), ("灯管", "一体化支架")),
    (("牛眼灯", "孔灯", "洞灯"), ("筒灯", "射灯")),
    (("RJ45",), ("网络", "network")),
    (("网口", "网线插座"), ("网络",)),
    (("水管灯",), ("灯带",)),
    (("GFCI",), ("RCBO", "漏电断路器")),
    (("声控", "光控", "声光控", "声光控灯", "感应灯"), ("感应", "人体感应")),
)
