"""Figures that show values: colours, beams, waves, curves, dimensions."""

from __future__ import annotations

import math

from .canvas import Point, mix
from .drafting import COLD, EARTH, FAINT, GLASS, INK, LINE, LIVE, NEUTRAL, SOFT, WARM, Plot, Sheet

#: kelvin → how white of that temperature looks.
WHITES = (
    (1800, "#ff9a3c"),
    (2700, "#ffc27a"),
    (3000, "#ffcf94"),
    (4000, "#ffe9d2"),
    (5000, "#fff8f0"),
    (6500, "#eef4ff"),
    (10000, "#c9dcff"),
)


def _white(kelvin: float) -> str:
    for (low, one), (high, two) in zip(WHITES, WHITES[1:], strict=False):
        if kelvin <= high:
            return mix(one, two, (kelvin - low) / (high - low))
    return WHITES[-1][1]


def colour_scale() -> Sheet:
    sheet = Sheet(450)
    left, right = 110, 1490
    for x in range(left, right):
        sheet.line((x, 150), (x, 330), colour=_white(1800 + (x - left) / (right - left) * 8200), width=2)
    sheet.line((left, 150), (right, 150), (right, 330), (left, 330), (left, 150), width=3)
    for kelvin in (1800, 3000, 4000, 5000, 6500, 8000, 10000):
        x = left + (kelvin - 1800) / 8200 * (right - left)
        sheet.line((x, 330), (x, 356), width=4)
        sheet.text(x, 392, f"{kelvin} K", size=34)
    for kelvin, tail in ((3000, "-30"), (4000, "-40"), (6500, "-65")):
        x = left + (kelvin - 1800) / 8200 * (right - left)
        sheet.circle(x, 240, 44, fill=_white(kelvin), edge=INK)
        sheet.text(x, 96, tail, size=38)
    return sheet


def beam_cones() -> Sheet:
    sheet = Sheet(860)
    scale = 215
    for middle, angle in ((300, 24), (690, 36), (1215, 60)):
        half = math.tan(math.radians(angle / 2))
        reach = 3 * scale * half
        sheet.area(
            (middle, 120),
            (middle - reach, 120 + 3 * scale),
            (middle + reach, 120 + 3 * scale),
            fill="#fff3d6",
        )
        sheet.line(
            (middle - reach, 120 + 3 * scale),
            (middle, 120),
            (middle + reach, 120 + 3 * scale),
            colour="#e0a93a",
            width=4,
        )
        sheet.box(middle - 46, 80, middle + 46, 124, fill=INK, radius=10)
        sheet.text(middle, 44, f"{angle}°", size=42)
        for metres in (1, 2, 3):
            wide, y = metres * scale * half, 120 + metres * scale
            sheet.line((middle - wide, y), (middle + wide, y), colour=SOFT, width=3, dash=12)
            sheet.text(middle, y - 28, f"{2 * metres * half:.1f} m", size=32)
    for metres in (0, 1, 2, 3):
        sheet.line((28, 120 + metres * scale), (52, 120 + metres * scale), width=4)
        sheet.text(
            60,
            120 + metres * scale - (30 if metres == 3 else 0),
            f"{metres} m",
            size=30,
            anchor="lm",
            colour=SOFT,
        )
    sheet.line((40, 120), (40, 120 + 3 * scale), width=4)
    sheet.line((20, 126 + 3 * scale), (1580, 126 + 3 * scale), width=5)
    return sheet


def light_distribution() -> Sheet:
    """Two polar curves below a horizontal line."""
    sheet = Sheet(920)
    x, y, scale = 800, 110, 0.72
    for rings in (250, 500, 750, 1000):
        sheet.arc(x, y, rings * scale, 0, 180, colour=FAINT)
        sheet.text(x + 8, y + rings * scale - 22, f"{rings}", size=26, anchor="lm", colour=SOFT)
    for angle in range(-90, 91, 30):
        sine, cosine = math.sin(math.radians(angle)), math.cos(math.radians(angle))
        sheet.line((x, y), (x + 720 * sine, y + 720 * cosine), colour=FAINT, width=2)
        sheet.text(
            x + 752 * sine,
            y + 752 * cosine,
            f"{abs(angle)}°",
            size=30,
        )

    def polar(intensity: float, power: float) -> list[Point]:
        turns = [math.radians(each) for each in range(-90, 91, 2)]
        return [
            (
                x + scale * intensity * math.cos(turn) ** power * math.sin(turn),
                y + scale * intensity * math.cos(turn) ** power * math.cos(turn),
            )
            for turn in turns
        ]

    sheet.line(*polar(330, 1), colour=NEUTRAL, width=7)
    sheet.line(*polar(1000, 14), colour=LIVE, width=7)
    sheet.text(330, 400, "LH-PE 120°", size=36, colour=NEUTRAL)
    sheet.text(1120, 700, "LH-DT 24°", size=36, colour=LIVE)
    sheet.text(1440, 880, "cd / 1000 lm", size=30, anchor="rm", colour=SOFT)
    return sheet


def flicker_waves() -> Sheet:
    sheet = Sheet(900)
    times = [each / 10 for each in range(401)]

    def pulse(moment: float) -> float:
        return 95 if moment * 0.8 % 1 < 0.55 else 0

    waves = (
        ("A", LIVE, lambda each: 50 - 45 * math.cos(each * 2 * math.pi / 10)),
        ("B", EARTH, lambda each: 74 - 2 * math.cos(each * 2 * math.pi / 10)),
        ("C", NEUTRAL, pulse),
    )
    for row, (name, colour, light) in enumerate(waves):
        top = 50 + row * 265
        plot = Plot(sheet, (0, 40), (0, 100), box=(190, top, 1520, top + 190))
        plot.axes((0, 10, 20, 30, 40), (0, 50, 100), "ms" if row == 2 else "", "%" if row == 0 else "")
        plot.curve([(each, light(each)) for each in times], colour)
        sheet.circle(1560, top + 95, 30, edge=colour)
        sheet.text(1560, top + 95, name, size=36, colour=colour)
    return sheet


def downlight_section() -> Sheet:
    sheet = Sheet(900)
    for left, right in ((60, 520), (1080, 1540)):
        sheet.box(left, 470, right, 520, fill=FAINT)
        for x in range(left + 20, right - 10, 40):
            sheet.line((x, 516), (x + 24, 474), colour=SOFT, width=2)
    sheet.area((530, 520), (560, 220), (1040, 220), (1070, 520), fill="#e9edf2", edge=INK)
    for x in range(620, 1000, 60):
        sheet.line((x, 220), (x, 160), width=6)
    sheet.line((590, 160), (1010, 160), width=6)
    sheet.area((600, 545), (680, 320), (920, 320), (1000, 545), fill=GLASS, edge=INK)
    sheet.box(690, 296, 910, 326, fill=WARM)
    sheet.box(470, 520, 1130, 548, fill="#ffffff", radius=8)
    for side in (-1, 1):
        sheet.line(
            (800 + side * 262, 380), (800 + side * 330, 360), (800 + side * 390, 468), width=9, colour=SOFT
        )
    sheet.measure((524, 640), (1076, 640), "D")
    for x in (524, 1076):
        sheet.line((x, 560), (x, 660), colour=SOFT, width=2, dash=10)
    sheet.measure((470, 740), (1130, 740), "D + 13...20", side=34)
    sheet.measure((420, 520), (420, 160), "H", side=-40)
    sheet.line((400, 160), (580, 160), colour=SOFT, width=2, dash=10)
    sheet.measure((1300, 470), (1300, 520), "")
    sheet.text(1300, 430, "3...25", size=32)
    sheet.measure((1200, 90), (1200, 160), ">= 50", side=84)
    sheet.line((200, 90), (1400, 90), colour=SOFT, width=4, dash=16)
    return sheet


def trip_curves() -> Sheet:
    """Time against multiples of the rated current: bands as the standard gives them."""
    sheet = Sheet(1060)
    plot = Plot(sheet, (1, 40), (0.005, 10000), logarithmic=True, box=(200, 80, 1530, 920))
    plot.axes((1, 2, 3, 5, 10, 20, 30), (0.01, 0.1, 1, 10, 100, 1000), "I / In", "t / s")
    slow = [(1.13, 10000), (1.2, 3000), (1.5, 300), (2, 60), (2.55, 24), (3, 15), (5, 5)]
    for name, low, high, colour in (("D", 10, 20, LINE), ("C", 5, 10, NEUTRAL), ("B", 3, 5, EARTH)):
        bend = [(x, y) for x, y in slow if x < low] + [(low, 70 / low**2)]
        plot.curve([*bend, (low, 0.02), (low + 0.1, 0.0055)], colour)
        later = [(x * 1.28, y * 1.6) for x, y in slow if x * 1.28 < high] + [(high, 180 / high**2)]
        plot.curve([*later, (high, 0.02), (high + 0.1, 0.0055)], colour, 3)
        x, y = plot.at(math.sqrt(low * high), 0.03)
        sheet.circle(x, y, 34, edge=colour)
        sheet.text(x, y, name, size=42, colour=colour)
    for factor in (1.13, 1.45):
        x, bottom = plot.at(factor, 0.005)
        sheet.line((x, 80), (x, bottom), colour=SOFT, width=2, dash=10)
        sheet.text(x, 56, f"{factor}", size=26, colour=SOFT)
    return sheet


def voltage_drop() -> Sheet:
    sheet = Sheet(900)
    plot = Plot(sheet, (0, 10), (20, 24.4))
    plot.axes(range(0, 11, 2), (20, 21, 22, 23, 24), "m", "V")
    metres = [each / 10 for each in range(101)]
    plot.curve([(x, 24 - 3.4 * (1 - (1 - x / 10) ** 2)) for x in metres], LIVE)
    plot.curve([(x, 24 - 0.85 * (1 - (abs(x - 5) / 5) ** 2)) for x in metres], EARTH)
    plot.curve([(0, 22.8), (10, 22.8)], SOFT, 2)
    sheet.text(1500, plot.at(0, 22.8)[1] + 30, "-5 %", size=30, anchor="rm", colour=SOFT)
    sheet.text(*plot.at(7.6, 21.2), "1 x", size=44, colour=LIVE)
    sheet.text(*plot.at(5, 23.55), "2 x", size=44, colour=EARTH)
    return sheet


def flood_mounting() -> Sheet:
    sheet = Sheet(960)
    sheet.area((330, 190), (1420, 800), (470, 800), fill="#fff3d6")
    sheet.line((40, 800), (1560, 800), width=6)
    sheet.line((300, 800), (300, 150), width=14, colour=SOFT)
    sheet.area((316, 130), (400, 180), (372, 226), (288, 176), fill=INK)
    sheet.line((330, 190), (1420, 800), colour="#e0a93a", width=4)
    sheet.line((330, 190), (1080, 800), colour=SOFT, width=3, dash=14)
    sheet.line((330, 190), (330, 800), colour=SOFT, width=2, dash=10)
    sheet.arc(330, 190, 200, 40, 90)
    sheet.text(430, 420, "<= 60°", size=36)
    sheet.measure((180, 190), (180, 800), "h", side=-34)
    sheet.measure((330, 870), (1420, 870), "2 h", side=44)
    sheet.text(1080, 838, "2/3", size=32, colour=SOFT)
    drop = [(288, 176), (240, 190), (214, 300), (226, 360), (262, 352), (286, 280)]
    sheet.line(*drop, width=6, colour=INK)
    sheet.text(228, 404, "1", size=34)
    return sheet


def ip_digits() -> Sheet:
    sheet = Sheet(690)
    sheet.text(800, 110, "IP 6 5", size=120)
    sheet.line((790, 180), (430, 260), colour=SOFT, width=3)
    sheet.line((905, 180), (1180, 260), colour=SOFT, width=3)
    solids = ("2", 44, "12.5 mm"), ("4", 20, "1 mm"), ("5", 9, ""), ("6", 5, "")
    for at, (digit, grain, words) in enumerate(solids):
        x = 130 + at * 190
        sheet.box(x - 80, 290, x + 80, 640, fill=GLASS, radius=14)
        sheet.text(x, 340, digit, size=64)
        for number in range(1 if grain > 20 else 5):
            shift = (number - 2) * 26 if grain <= 20 else 0
            sheet.circle(x + shift, 480 + abs(shift) / 3, grain * 0.6 + 3, fill=SOFT, edge=SOFT)
        sheet.text(x, 600, words, size=28, colour=SOFT)
    waters = ("4", "10 l/min"), ("5", "12.5 l/min"), ("6", "100 l/min"), ("7", "1 m 30 min")
    for at, (digit, words) in enumerate(waters):
        x = 900 + at * 190
        sheet.box(x - 80, 290, x + 80, 640, fill=COLD, radius=14)
        sheet.text(x, 340, digit, size=64)
        if at == 3:
            sheet.area((x - 78, 450), (x + 78, 450), (x + 78, 560), (x - 78, 560), fill="#8fb6e8")
            sheet.circle(x, 515, 24)
        else:
            for ray in range(5):
                sheet.arrow(
                    (x - 70, 420 + ray * 26),
                    (x + 6, 440 + ray * 16),
                    colour=NEUTRAL,
                    width=2 + 2 * at,
                    head=14,
                )
            sheet.circle(x + 38, 472, 26)
        sheet.text(x, 600, words, size=26, colour=SOFT)
    return sheet
