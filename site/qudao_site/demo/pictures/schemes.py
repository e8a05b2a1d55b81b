"""Figures that show how things are wired, and where they may be."""

from __future__ import annotations

from .drafting import COLD, EARTH, FAINT, GLASS, INK, LINE, LIVE, NEUTRAL, SOFT, Sheet

WIRES = (("L", LINE, 130), ("N", NEUTRAL, 190), ("PE", EARTH, 250))


def _mains(sheet: Sheet, right: float = 1520) -> None:
    """Line, neutral and earth along the top."""
    for name, colour, y in WIRES:
        sheet.text(60, y, name, size=38, colour=colour)
        sheet.line((110, y), (right, y), colour=colour, width=7)


def one_way() -> Sheet:
    sheet = Sheet(780)
    _mains(sheet)
    sheet.dot(420, 130, LINE)
    sheet.line((420, 130), (420, 470), colour=LINE, width=7)
    sheet.box(330, 440, 640, 640, fill=GLASS, radius=16)
    sheet.terminal(420, 540, "L", below=True)
    sheet.terminal(560, 540, "L1", below=True)
    sheet.line((420, 470), (420, 527), colour=LINE, width=7)
    sheet.line((430, 532), (546, 484), width=8)
    sheet.line((573, 540), (900, 540), (900, 430), (1090, 430), colour=LINE, width=7)
    sheet.lamp(1140, 430, 56)
    sheet.line((1196, 430), (1290, 430), (1290, 190), colour=NEUTRAL, width=7)
    sheet.dot(1290, 190, NEUTRAL)
    sheet.line((1140, 486), (1140, 560), (1380, 560), (1380, 250), colour=EARTH, width=7)
    sheet.dot(1380, 250, EARTH)
    sheet.text(485, 690, "LH-MS11", size=34, colour=SOFT)
    return sheet


def _changeover(sheet: Sheet, left: float, up: bool) -> None:
    """A two-way switch: common on one side, two travellers on the other."""
    sheet.box(left, 440, left + 300, 700, fill=GLASS, radius=16)
    common, other = (left + 60, left + 240) if left < 800 else (left + 240, left + 60)
    sheet.terminal(common, 570, "L", below=True)
    sheet.terminal(other, 510, "L1")
    sheet.terminal(other, 630, "L2", below=True)
    sheet.line((common, 570), (other + (-14 if other > common else 14), 514 if up else 626), width=8)


def two_way() -> Sheet:
    sheet = Sheet(860)
    _mains(sheet)
    _changeover(sheet, 200, True)
    _changeover(sheet, 800, True)
    sheet.dot(150, 130, LINE)
    sheet.line((150, 130), (150, 570), (247, 570), colour=LINE, width=7)
    for y, name in ((510, "1"), (630, "2")):
        sheet.line((453, y), (847, y), colour="#c07a3a", width=7)
        sheet.circle(650, y, 24)
        sheet.text(650, y, name, size=30)
    sheet.line((1053, 570), (1240, 570), (1240, 400), (1290, 400), colour=LINE, width=7)
    sheet.lamp(1340, 400, 52)
    sheet.line((1392, 400), (1450, 400), (1450, 190), colour=NEUTRAL, width=7)
    sheet.dot(1450, 190, NEUTRAL)
    sheet.line((1340, 452), (1340, 520), (1500, 520), (1500, 250), colour=EARTH, width=7)
    sheet.dot(1500, 250, EARTH)
    for x in (350, 950):
        sheet.text(x, 760, "LH-MS21", size=34, colour=SOFT)
    return sheet


def rcd_principle() -> Sheet:
    sheet = Sheet(920)
    sheet.box(360, 120, 800, 800, fill=GLASS, radius=18)
    for name, colour, y in (("L", LINE, 300), ("N", NEUTRAL, 560)):
        sheet.text(60, y, name, size=40, colour=colour)
        sheet.line((110, y), (440, y), colour=colour, width=7)
        sheet.line((440, y), (500, y - 46), width=8)
        sheet.line((508, y), (1230, y), colour=colour, width=7)
        sheet.terminal(440, y)
    sheet.line((470, 277), (470, 560), colour=SOFT, width=3, dash=12)
    sheet.circle(660, 430, 190, fill=None, edge=SOFT, width=26)
    sheet.line((660, 620), (660, 720), (470, 720), (470, 560), colour=SOFT, width=4)
    sheet.box(560, 690, 640, 750, fill="#ffffff")
    sheet.text(600, 720, "T", size=34)
    sheet.box(1230, 260, 1420, 600, fill=FAINT, radius=14)
    sheet.lamp(1325, 430, 60)
    sheet.arrow((860, 260), (1010, 260), colour=LINE)
    sheet.text(935, 226, "I1", size=36, colour=LINE)
    sheet.arrow((1010, 604), (860, 604), colour=NEUTRAL)
    sheet.text(935, 642, "I2", size=36, colour=NEUTRAL)
    sheet.line((1420, 520), (1500, 520), (1500, 740), colour=LIVE, width=7)
    sheet.earth(1500, 740)
    sheet.text(1530, 660, "If", size=36, colour=LIVE)
    sheet.text(1130, 760, "I1 - I2 = If", size=44)
    sheet.text(1130, 830, "If >= 30 mA : t <= 0.3 s", size=38, colour=SOFT)
    return sheet


def strip_feed() -> Sheet:
    sheet = Sheet(900)

    def driver(x: float, y: float) -> None:
        sheet.box(x, y - 46, x + 150, y + 46, fill=GLASS, radius=10)
        sheet.text(x + 75, y, "24 V", size=34)

    def strip(left: float, right: float, y: float) -> None:
        sheet.box(left, y - 18, right, y + 18, fill="#fff3d6", radius=8)
        for x in range(round(left) + 22, round(right) - 10, 34):
            sheet.box(x, y - 8, x + 14, y + 8, fill="#ffc24d", edge="#b57d13")

    driver(60, 140)
    strip(330, 880, 140)
    sheet.line((210, 140), (330, 140), colour=LIVE, width=6)
    sheet.measure((330, 210), (880, 210), "<= 5 m", side=36)
    driver(60, 420)
    strip(330, 1430, 420)
    sheet.line((210, 420), (330, 420), colour=LIVE, width=6)
    sheet.line((135, 374), (135, 320), (1500, 320), (1500, 420), (1430, 420), colour=LIVE, width=6)
    sheet.measure((330, 490), (1430, 490), "<= 10 m", side=36)
    driver(60, 720)
    sheet.line((210, 720), (260, 720), (260, 640), (1120, 640), colour=LIVE, width=6)
    for left, right in ((330, 700), (740, 1110), (1150, 1520)):
        strip(left, right, 720)
        sheet.line((left, 640), (left, 702), colour=LIVE, width=6)
    sheet.line((1110, 640), (1150, 640), colour=LIVE, width=6)
    sheet.measure((330, 800), (700, 800), "5 m", side=36)
    sheet.measure((740, 800), (1110, 800), "5 m", side=36)
    sheet.measure((1150, 800), (1520, 800), "5 m", side=36)
    return sheet


def safe_isolation() -> Sheet:
    """Test on live, on dead, on live: three sockets and a tester."""
    sheet = Sheet(760)
    for at, (live, words) in enumerate(((True, "1"), (False, "2"), (True, "3"))):
        x = 280 + at * 520
        sheet.box(x - 170, 110, x + 170, 420, fill="#ffffff", radius=24)
        for dx in (-60, 60):
            sheet.box(x + dx - 12, 210, x + dx + 12, 290, fill=INK)
        sheet.box(x - 90, 500, x + 90, 640, fill=GLASS, radius=14)
        sheet.circle(x - 40, 570, 28, fill="#ff5a48" if live else FAINT)
        sheet.text(x + 40, 570, "220" if live else "0", size=44)
        for dx, colour in ((-60, LIVE), (60, INK)):
            sheet.line((x + dx, 280), (x + dx, 420), (x + dx * 0.6, 500), colour=colour, width=8)
        sheet.circle(x, 60, 34)
        sheet.text(x, 60, words, size=42)
        sheet.text(x, 696, "L - N" if live else "L - N,  L - PE,  N - PE", size=34, colour=SOFT)
    for x in (500, 1020):
        sheet.arrow((x, 260), (x + 80, 260), colour=SOFT, width=6, head=26)
    return sheet


def bathroom_zones() -> Sheet:
    sheet = Sheet(1000)
    floor, scale = 880, 300
    top = floor - 2.25 * scale
    sheet.box(420, top, 1000, floor - 170, fill="#cfe0f5", edge="#cfe0f5")
    sheet.box(1000, top, 1180, floor, fill="#e6eefb", edge="#e6eefb")
    sheet.box(420, floor - 170, 1000, floor, fill="#9dbfe9", edge="#9dbfe9")
    sheet.line((420, floor - 170), (440, floor), (980, floor), (1000, floor - 170), width=9)
    sheet.line((420, 60), (420, floor), (1540, floor), width=8)
    sheet.line((420, 90), (1540, 90), width=8)
    for x in (1000, 1180):
        sheet.line((x, top), (x, floor), colour=NEUTRAL, width=4, dash=16)
    sheet.line((420, top), (1180, top), colour=NEUTRAL, width=4, dash=16)
    for x, y, words in ((710, floor - 80, "0"), (710, 520, "1"), (1090, 520, "2")):
        sheet.circle(x, y, 46)
        sheet.text(x, y, words, size=56)
    sheet.measure((1000, 950), (1180, 950), "0.6 m", side=-30)
    sheet.measure((320, top), (320, floor), "2.25 m", side=-84)
    sheet.line((470, 700), (470, 260), (560, 260), (560, 300), width=9, colour=SOFT)
    sheet.area((520, 300), (600, 300), (630, 330), (490, 330), fill=SOFT)
    sheet.box(1300, 700, 1390, 790, fill="#ffffff", radius=12)
    sheet.text(1345, 745, "S", size=44)
    sheet.text(1345, 830, "30 mA", size=32, colour=SOFT)
    return sheet


def flat_box() -> Sheet:
    """Two rows of a box: what feeds what."""
    sheet = Sheet(1000)
    sheet.box(60, 60, 1540, 940, fill=FAINT, radius=20)
    for y in (300, 700):
        sheet.line((90, y), (1510, y), colour=SOFT, width=10)
    first = (
        ("Q0", 2, "63", "#ffe0dc"),
        ("F0", 2, "SPD", "#ffe8cf"),
        ("Q1", 2, "30 mA", "#d9ecdf"),
        ("1", 1, "10", COLD),
        ("3", 1, "16", COLD),
        ("5", 1, "20", COLD),
        ("9", 1, "20", COLD),
    )
    second = (
        ("Q2", 2, "30 mA", "#d9ecdf"),
        ("2", 1, "10", COLD),
        ("4", 1, "16", COLD),
        ("6", 1, "20", COLD),
        ("10", 1, "16", COLD),
        ("7", 2, "16", "#d9ecdf"),
        ("8", 2, "25", "#d9ecdf"),
        ("11", 2, "16", "#d9ecdf"),
    )
    for row, devices in enumerate((first, second)):
        x, y = 110.0, 180 + row * 400
        for name, modules, rating, fill in devices:
            sheet.box(x, y, x + modules * 112, y + 240, fill=fill, radius=8)
            sheet.text(x + modules * 56, y + 70, name, size=42)
            sheet.box(x + modules * 56 - 16, y + 104, x + modules * 56 + 16, y + 160, fill=INK)
            sheet.text(x + modules * 56, y + 200, rating, size=30, colour=SOFT)
            x += modules * 112 + 8
    sheet.line((222, 180), (222, 120), (1300, 120), colour=LINE, width=6)
    for x in (452, 682):
        sheet.line((x, 120), (x, 180), colour=LINE, width=6)
    sheet.line((1300, 120), (1470, 120), (1470, 520), (222, 520), (222, 580), colour=LINE, width=6)
    for x in (934, 1166, 1398):
        sheet.dot(x, 520, LINE)
        sheet.line((x, 520), (x, 580), colour=LINE, width=6)
    for y, name in ((450, "N1"), (880, "N2")):
        sheet.box(780, y - 16, 1440, y + 16, fill="#cfe0f5", edge=NEUTRAL)
        sheet.text(764, y, name, size=32, colour=NEUTRAL, anchor="rm")
    sheet.box(120, 864, 640, 896, fill="#d9ecdf", edge=EARTH)
    sheet.text(656, 880, "PE", size=32, colour=EARTH, anchor="lm")
    return sheet


def socket_rear() -> Sheet:
    sheet = Sheet(860)
    sheet.box(90, 130, 690, 730, fill="#ffffff", radius=40)
    sheet.box(376, 380, 404, 460, fill=INK)
    for x, turn in ((290, -36), (490, 36)):
        sheet.line((x, 530), (x + turn, 606), width=24)
    for x in (320, 460):
        sheet.box(x - 11, 210, x + 11, 290, fill=INK)
    for x, y, words, colour in (
        (450, 420, "PE", EARTH),
        (190, 570, "N", NEUTRAL),
        (590, 570, "L", LINE),
        (260, 250, "N", NEUTRAL),
        (520, 250, "L", LINE),
    ):
        sheet.text(x, y, words, size=42, colour=colour)
    sheet.arrow((720, 430), (830, 430), colour=SOFT, width=8, head=30)
    sheet.box(860, 130, 1460, 730, fill=FAINT, radius=24)
    for x, words, colour in ((980, "L", LINE), (1160, "PE", EARTH), (1340, "N", NEUTRAL)):
        sheet.box(x - 62, 300, x + 62, 520, fill=GLASS, radius=12)
        sheet.circle(x, 380, 38)
        sheet.line((x - 26, 380), (x + 26, 380), width=8)
        sheet.text(x, 480, words, size=42, colour=colour)
        sheet.line((x, 520), (x, 800), colour=colour, width=12)
    sheet.measure((1490, 520), (1490, 590), "")
    sheet.text(1515, 620, "11 mm", size=32)
    sheet.text(1160, 220, "1.2 Nm", size=40, colour=SOFT)
    return sheet


def tube_rewiring() -> Sheet:
    sheet = Sheet(960)
    for top, after in ((130, False), (580, True)):
        tube = top + 170
        sheet.box(260, tube - 30, 1340, tube + 30, fill=GLASS if not after else "#fff3d6", radius=26)
        for x in (220, 1340):
            sheet.box(x, tube - 46, x + 40, tube + 46, fill=SOFT)
        sheet.text(70, top, "L", size=40, colour=LINE)
        sheet.text(70, top + 300, "N", size=40, colour=NEUTRAL)
        if after:
            sheet.line((110, top), (190, top), (190, tube - 20), (220, tube - 20), colour=LINE, width=7)
            sheet.line(
                (110, top + 300),
                (190, top + 300),
                (190, tube + 20),
                (220, tube + 20),
                colour=NEUTRAL,
                width=7,
            )
            sheet.line((1400, tube - 36), (1460, tube + 36), colour=LIVE, width=9)
            sheet.line((1400, tube + 36), (1460, tube - 36), colour=LIVE, width=9)
            sheet.text(340, tube, "L N", size=36, colour=LIVE)
            continue
        sheet.line((110, top), (420, top), colour=LINE, width=7)
        sheet.box(420, top - 40, 620, top + 40, fill="#ffe8cf")
        sheet.text(520, top, "B", size=40)
        sheet.line(
            (620, top),
            (700, top),
            (700, top + 60),
            (190, top + 60),
            (190, tube - 20),
            (220, tube - 20),
            colour=LINE,
            width=7,
        )
        sheet.line(
            (110, top + 300), (1440, top + 300), (1440, tube - 20), (1380, tube - 20), colour=NEUTRAL, width=7
        )
        sheet.line((220, tube + 20), (190, tube + 20), (190, tube + 84), (730, tube + 84), width=5)
        sheet.circle(780, tube + 84, 44, fill="#ffe8cf")
        sheet.text(780, tube + 84, "S", size=40)
        sheet.line((824, tube + 84), (1410, tube + 84), (1410, tube + 20), (1380, tube + 20), width=5)
    sheet.arrow((800, 470), (800, 540), colour=SOFT, width=8, head=30)
    return sheet
