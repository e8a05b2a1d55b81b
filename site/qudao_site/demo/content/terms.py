"""Lines, categories, product types with their attributes, and the choices that products come in."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from .families import Choice

#: code: (name, Chinese name)
LINES = {
    "home-lighting": ("Home lighting", "家居照明"),
    "pro-lighting": ("Project lighting", "工程照明"),
    "coastal": ("Coastal lighting", "滨海照明"),
    "wiring": ("Wiring devices", "开关插座"),
    "protection": ("Protection and distribution", "保护与配电"),
    "cable": ("Cable", "电线电缆"),
    "control": ("Drivers and control", "驱动与控制"),
}

#: root slug: (name, Chinese name, {slug: (name, Chinese name, description, Chinese description)})
CATEGORIES = {
    "lighting": (
        "Lighting",
        "照明",
        {
            "bulbs": (
                "Bulbs",
                "光源",
                "LED bulbs for every holder in the house.",
                "适配各类灯座的 LED 光源。",
            ),
            "downlights": (
                "Downlights and spots",
                "筒灯射灯",
                "Recessed, surface and track.",
                "嵌入、明装与轨道。",
            ),
            "panels": (
                "Panels and ceiling lights",
                "面板灯吸顶灯",
                "Even light for rooms and offices.",
                "居室与办公的均匀光。",
            ),
            "strips": (
                "Strips and profiles",
                "灯带型材",
                "Lines of light by the metre.",
                "按米裁切的线性光。",
            ),
            "linear": (
                "Tubes and battens",
                "灯管支架",
                "Shops, garages, production halls.",
                "商铺、车库与厂房。",
            ),
            "outdoor": (
                "Outdoor lighting",
                "户外照明",
                "Facades, paths, streets, harbours.",
                "外墙、步道、道路与港区。",
            ),
        },
    ),
    "installation": (
        "Installation",
        "电工",
        {
            "switches": ("Switches", "开关", "Three series, one back box.", "三个系列，同一底盒。"),
            "sockets": ("Sockets and outlets", "插座", "Power, USB and data.", "电源、USB 与弱电。"),
            "breakers": ("Circuit breakers", "断路器", "From one pole to four.", "1P 到 4P。"),
            "boxes": (
                "Distribution boxes",
                "配电箱底盒",
                "Flush, surface, weatherproof.",
                "暗装、明装与防水。",
            ),
            "cables": (
                "Cable and extension",
                "电线电缆排插",
                "Copper by the metre and ready to plug in.",
                "按米铜缆与即插排插。",
            ),
            "control": (
                "Drivers, meters, control",
                "驱动电表控制",
                "What feeds, counts and switches.",
                "供电、计量与控制。",
            ),
        },
    ),
}


@dataclass(frozen=True, slots=True)
class Attribute:
    """``kind`` is Oscar's: float, integer, boolean, option, text."""

    code: str
    name: str
    name_zh: str
    kind: str
    unit: str = ""
    facet: bool = False


#: type name: attributes in their order
TYPES = {
    "Luminaire": (
        Attribute("power", "Power", "功率", "float", "W", facet=True),
        Attribute("luminous_flux", "Luminous flux", "光通量", "integer", "lm"),
        Attribute("colour_temperature", "Colour temperature", "色温", "option", facet=True),
        Attribute("beam_angle", "Beam angle", "光束角", "integer", "°"),
        Attribute("cri", "Colour rendering", "显色指数", "integer", "Ra"),
        Attribute("base", "Base", "灯头", "option", facet=True),
        Attribute("ip", "Protection", "防护等级", "option", facet=True),
        Attribute("finish", "Finish", "外观", "option", facet=True),
        Attribute("dimmable", "Dimmable", "可调光", "boolean", facet=True),
        Attribute("size", "Size", "尺寸", "text", "mm"),
        Attribute("voltage", "Voltage", "电压", "text", "V"),
    ),
    "Wiring device": (
        Attribute("gangs", "Gangs", "位数", "integer", facet=True),
        Attribute("ways", "Ways", "控制方式", "option", facet=True),
        Attribute("finish", "Finish", "外观", "option", facet=True),
        Attribute("rated_current", "Rated current", "额定电流", "float", "A", facet=True),
        Attribute("voltage", "Voltage", "电压", "text", "V"),
        Attribute("ports", "Ports", "接口", "text"),
        Attribute("ip", "Protection", "防护等级", "option"),
    ),
    "Protection device": (
        Attribute("poles", "Poles", "极数", "option", facet=True),
        Attribute("rated_current", "Rated current", "额定电流", "float", "A", facet=True),
        Attribute("curve", "Curve", "脱扣曲线", "option", facet=True),
        Attribute("breaking_capacity", "Breaking capacity", "分断能力", "float", "kA"),
        Attribute("residual_current", "Residual current", "剩余电流", "integer", "mA"),
        Attribute("modules", "Module ways", "回路数", "integer", facet=True),
        Attribute("ip", "Protection", "防护等级", "option", facet=True),
    ),
    "Cable product": (
        Attribute("cores", "Cores", "芯数", "integer", facet=True),
        Attribute("cross_section", "Cross section", "截面积", "float", "mm²", facet=True),
        Attribute("sheath", "Colour", "颜色", "option", facet=True),
        Attribute("length", "Length", "长度", "float", "m"),
        Attribute("outlets", "Outlets", "插位", "integer", facet=True),
        Attribute("voltage", "Voltage", "电压", "text", "V"),
    ),
    "Control device": (
        Attribute("power", "Power", "功率", "float", "W", facet=True),
        Attribute("output", "Output", "输出", "option", facet=True),
        Attribute("poles", "Poles", "极数", "option", facet=True),
        Attribute("rated_current", "Rated current", "额定电流", "float", "A"),
        Attribute("ip", "Protection", "防护等级", "option", facet=True),
        Attribute("dimmable", "Dimmable", "可调光", "boolean", facet=True),
        Attribute("size", "Size", "尺寸", "text", "mm"),
    ),
}

#: Chinese words of attribute options; what is missing reads the same in both languages.
OPTIONS_ZH = {
    "3000 K warm white": "3000K 暖白",
    "4000 K neutral white": "4000K 自然光",
    "6500 K cool white": "6500K 正白",
    "RGB": "RGB 彩光",
    "Tunable white": "双色温",
    "white": "白色",
    "black": "黑色",
    "grey": "灰色",
    "silver": "银色",
    "gold": "金色",
    "champagne": "香槟金",
    "one-way": "单控",
    "two-way": "双控",
    "red": "红色",
    "blue": "蓝色",
    "green-yellow": "黄绿双色",
    "24 V DC": "直流 24V",
    "12 V DC": "直流 12V",
    "230 V AC": "交流 220V",
}

WARM = Choice("30", "warm white", "暖白", {"colour_temperature": "3000 K warm white"}, {"tone": "warm"})
NEUTRAL = Choice(
    "40", "neutral white", "自然光", {"colour_temperature": "4000 K neutral white"}, {"tone": "neutral"}
)
COOL = Choice("65", "cool white", "正白", {"colour_temperature": "6500 K cool white"}, {"tone": "cool"})
TONES = (WARM, NEUTRAL, COOL)


def finishes(*names: str, option: str = "finish", look: str = "finish") -> tuple[Choice, ...]:
    """Choices of finish by name; what is not white costs a little more."""
    known = {
        "white": ("W", "white", "白色", "1"),
        "black": ("B", "black", "黑色", "1.05"),
        "grey": ("G", "grey", "灰色", "1.05"),
        "silver": ("S", "silver", "银色", "1"),
        "gold": ("D", "gold", "金色", "1.12"),
        "champagne": ("C", "champagne", "香槟金", "1.12"),
    }
    return tuple(
        Choice(
            known[name][0],
            known[name][1],
            known[name][2],
            {option: name},
            {look: name},
            Decimal(known[name][3]),
        )
        for name in names
    )


PLATES = finishes("white", "champagne", "grey", look="colour")
GLASS = finishes("white", "black", look="colour")


def sheaths(*names: str) -> tuple[Choice, ...]:
    """Colours of wire."""
    known = {
        "red": ("R", "red", "红色", "red"),
        "blue": ("L", "blue", "蓝色", "blue"),
        "black": ("K", "black", "黑色", "black"),
        "white": ("W", "white", "白色", "white"),
        "green-yellow": ("E", "green-yellow", "黄绿双色", "earth"),
    }
    return tuple(
        Choice(known[name][0], known[name][1], known[name][2], {"sheath": name}, {"colour": known[name][3]})
        for name in names
    )


def currents(*amperes: int, dearer_from: int = 40) -> tuple[Choice, ...]:
    """Rated currents of a breaker; the large ones cost more."""
    return tuple(
        Choice(
            f"{amp:02d}",
            f"{amp} A",
            f"{amp}A",
            {"rated_current": amp},
            {},
            Decimal("1.25") if amp >= dearer_from else Decimal(1),
        )
        for amp in amperes
    )
