"""Cables, reels, drivers, meters and controls."""

from __future__ import annotations

from .canvas import Canvas, Paint, area, bezier, glow, mix, oval, paint, rect, ring, stroke
from .lamps import DARK, FINISH, STEEL

SHEATH = {
    "red": ("#ef6a5e", "#cf3a30", "#93211a"),
    "blue": ("#6ea6f2", "#2f6fd0", "#1b468c"),
    "yellow": ("#ffe27a", "#efb925", "#b28008"),
    "green": ("#7fd39a", "#2f9d5c", "#1a6a3b"),
    "black": ("#5d6672", "#2d333c", "#14181d"),
    "white": ("#ffffff", "#eceff2", "#bfc7cf"),
    "earth": ("#f3df5a", "#58b368", "#2f8a4a"),
    "orange": ("#ffb169", "#ee7a1c", "#a9500a"),
}


def coil(board: Canvas, *, colour: str = "red", thick: float = 26) -> None:
    """A coil of wire lying at an angle, wrapped in the middle."""
    bright, plain, dark = SHEATH[colour]
    board.ground(500, 830, 330, 0.35)
    layers = int(190 / thick)
    for layer in range(layers, -1, -1):
        y = 470 + layer * thick * 0.95
        board.fill(ring(500, y, 350, 128, 236), Paint((plain, bright, plain, dark), 20))
        board.fill(ring(500, y, 350, 3, 236), dark, opacity=0.55)
    for step in range(int(126 / (thick * 0.75))):
        inner = 350 - step * thick * 0.75
        board.fill(
            ring(500, 470, inner, thick * 0.62, inner * 0.674), Paint((bright, plain, dark, plain), 35)
        )
        board.fill(ring(500, 470, inner, 2, inner * 0.674), dark, opacity=0.5)
    for x, tilt in ((215, -1), (785, 1)):
        band = area((x - 44, 430), (x + 44, 430), (x + 44 + tilt * 6, 660), (x - 44 + tilt * 6, 660))
        board.fill(band, paint("#ffffff", "#dfe4e9"), opacity=0.92)
    tail = bezier((600, 690), (700, 800), (820, 760), (900, 850))
    board.shadow(stroke(tail, thick), drop=8, opacity=0.3)
    board.fill(stroke(tail, thick), paint(bright, plain, dark, angle=90))
    board.fill(stroke([tail[-1], (936, 884)], thick * 0.5), paint("#f0b27a", "#b56a2c"))


def cable(board: Canvas, *, colour: str = "black", cores: int = 3) -> None:
    """A sheathed cable, cut open to show its cores."""
    bright, plain, dark = SHEATH[colour]
    run = bezier((90, 800), (260, 560), (430, 700), (600, 470))
    board.shadow(stroke(run, 150), drop=24, opacity=0.3)
    board.fill(stroke(run, 150), Paint((bright, plain, dark), 80))
    board.fill(stroke([(x - 16, y - 40) for x, y in run], 18), "#ffffff", blur=8, opacity=0.4)
    names = ["blue", "earth", "red", "yellow", "black"][:cores]
    for index, name in enumerate(names):
        spread = (index - (cores - 1) / 2) * (300 / cores)
        core = bezier(
            (610, 462),
            (690, 360),
            (760 + spread * 0.4, 330 + spread * 0.3),
            (830 + spread * 0.5, 210 + spread * 0.8),
        )
        thick = 150 / cores
        tone = SHEATH[name]
        board.fill(stroke(core, thick), Paint(tone, 80))
        if name == "earth":
            board.fill(stroke(core[6:], thick * 0.3), "#3fa25a")
        copper = [core[-1], (core[-1][0] + 34, core[-1][1] - 66)]
        board.fill(stroke(copper, thick * 0.55), paint("#ffd2a3", "#c87a3a", "#8d4c1c"))
    board.fill(oval(606, 466, 30, 74), mix(dark, "#000000", 0.2), opacity=0.5)


def extension(board: Canvas, *, outlets: int = 4, colour: str = "white", reel: bool = False) -> None:
    """A power strip, or an extension reel."""
    if reel:
        _reel(board)
        return
    flex = bezier((150, 610), (40, 720), (160, 880), (420, 850)) + bezier(
        (420, 850), (640, 830), (760, 900), (900, 840)
    )
    board.fill(stroke(flex, 30), Paint(SHEATH[colour if colour != "white" else "white"], 80))
    board.body(rect(120, 380, 900, 620, 46), FINISH[colour], drop=24)
    wide = 600 / outlets
    ink = "#39424d" if colour == "white" else "#0b0e11"
    for index in range(outlets):
        x = 190 + index * wide + wide / 2
        for dx, dy, lean in ((-24, -52, 0), (24, -52, 0), (0, 4, 0), (-26, 52, -8), (26, 52, 8)):
            board.fill(stroke([(x + dx - lean, 500 + dy - 13), (x + dx + lean, 500 + dy + 13)], 12), ink)
    board.fill(rect(822, 440, 872, 560, 12), paint("#ff7a6b", "#d9372a"))
    board.fill(rect(830, 448, 864, 496, 8), "#ffffff", opacity=0.35)


def _reel(board: Canvas) -> None:
    board.ground(500, 890, 270)
    board.fill(stroke([(270, 870), (500, 250), (730, 870)], 34), DARK)
    board.body(oval(500, 520, 320), paint("#525b67", "#2c323a"), drop=20)
    for turn in range(7):
        board.fill(ring(500, 520, 286 - turn * 24, 19), Paint(SHEATH["orange"], 45))
    board.fill(oval(500, 520, 122), paint("#3b434d", "#1d2228"))
    for x, y in ((-46, -46), (46, -46), (-46, 46), (46, 46)):
        board.fill(oval(500 + x, 520 + y, 36), paint("#8a95a2", "#5b6571"))
        board.fill(oval(500 + x - 11, 520 + y, 6), "#101418").fill(oval(500 + x + 11, 520 + y, 6), "#101418")
    board.fill(rect(420, 150, 580, 206, 26), DARK)


def driver(board: Canvas, *, finish: str = "white", sealed: bool = False) -> None:
    """An LED driver: a long case with leads on both ends."""
    for side, tones in ((-1, ("blue", "red")), (1, ("black", "red"))):
        for index, tone in enumerate(tones):
            x = 500 + side * 300
            bend = (x + side * 70, 440 + index * 90)
            lead = bezier(
                (x, 480 + index * 50), bend, (x + side * 60, 620), (x + side * 120, 690 + index * 60)
            )
            board.fill(stroke(lead, 22), Paint(SHEATH[tone], 80))
    coat = FINISH["silver"] if sealed else FINISH[finish]
    board.body(rect(190, 370, 810, 630, 26 if sealed else 20), coat, drop=24)
    if sealed:
        for x in range(220, 800, 30):
            board.fill(rect(x, 382, x + 8, 618), "#5f6974", opacity=0.2)
    board.fill(rect(260, 410, 740, 590, 10), "#ffffff", opacity=0.85)
    board.fill(rect(286, 436, 520, 456, 4), "#2b6cd4", opacity=0.85)
    for row, width in enumerate((380, 300, 340)):
        board.fill(rect(286, 482 + row * 30, 286 + width, 494 + row * 30, 4), "#8a94a0", opacity=0.7)


def din_supply(board: Canvas) -> None:
    """A power supply for the rail."""
    board.body(rect(270, 170, 730, 850, 20), FINISH["grey"], drop=26)
    board.fill(rect(290, 300, 710, 720, 10), paint("#f7f8fa", "#dfe4e9"))
    for y in (200, 750):
        for x in range(310, 700, 80):
            board.fill(rect(x, y, x + 54, y + 66, 8), STEEL)
            board.fill(oval(x + 27, y + 33, 18), "#525c68")
    board.fill(oval(340, 360, 16), glow("#d8ffe0", "#3fbf6a"))
    board.fill(rect(380, 346, 560, 374, 6), "#2b6cd4")
    for row in range(5):
        board.fill(rect(330, 430 + row * 50, 670 - row * 38, 446 + row * 50, 5), "#98a2ae", opacity=0.7)


def meter(board: Canvas, *, phases: int = 1) -> None:
    """An energy meter with its display."""
    left, right = (310, 690) if phases == 1 else (200, 800)
    board.body(rect(left, 150, right, 860, 30), FINISH["white"], drop=26)
    board.fill(rect(left + 30, 190, right - 30, 640, 18), paint("#e8ecf0", "#f7f9fa"))
    board.fill(rect(left + 56, 240, right - 56, 400, 12), "#2d353f")
    board.fill(rect(left + 66, 250, right - 66, 390, 8), paint("#c9d9b8", "#aec19a"))
    _digits(board, left + 84, right - 84, 280, 360)
    board.fill(oval(left + 90, 470, 14), glow("#ffd5d0", "#e0463a"))
    board.fill(rect(left + 126, 456, right - 80, 484, 6), "#9aa4b0", opacity=0.6)
    for row in range(3):
        board.fill(
            rect(left + 76, 520 + row * 34, right - 110 - row * 30, 534 + row * 34, 5), "#9aa4b0", opacity=0.6
        )
    board.fill(rect(left + 20, 670, right - 20, 830, 14), FINISH["grey"])
    count = 4 if phases == 1 else 7
    step = (right - left - 80) / count
    for index in range(count):
        board.fill(oval(left + 40 + step * (index + 0.5), 750, min(30, step * 0.38)), STEEL)


def _digits(board: Canvas, left: float, right: float, top: float, bottom: float) -> None:
    """Seven-segment figures."""
    patterns = {"0": "abcdef", "4": "bcfg", "7": "abc", "1": "bc", "8": "abcdefg", "2": "abdeg"}
    wide = (right - left) / 6
    middle = (top + bottom) / 2
    for index, figure in enumerate("004718"):
        x1, x2 = left + index * wide + 6, left + (index + 1) * wide - 10
        ends = {
            "a": [(x1, top), (x2, top)],
            "b": [(x2, top), (x2, middle)],
            "c": [(x2, middle), (x2, bottom)],
            "d": [(x1, bottom), (x2, bottom)],
            "e": [(x1, middle), (x1, bottom)],
            "f": [(x1, top), (x1, middle)],
            "g": [(x1, middle), (x2, middle)],
        }
        for segment in patterns[figure]:
            board.fill(stroke(ends[segment], 8), "#26301f")


def contactor(board: Canvas, *, poles: int = 3) -> None:
    """A contactor with its screws."""
    board.ground(500, 880, 250)
    board.body(rect(240, 170, 760, 860, 20), paint("#565f6b", "#3a424c", "#272d35"), drop=24)
    board.fill(rect(300, 340, 700, 690, 14), paint("#eef1f4", "#ccd3da"))
    board.fill(rect(430, 430, 570, 600, 12), paint("#454d58", "#23282f"))
    board.fill(rect(450, 450, 550, 500, 8), "#e0a33a")
    for y in (190, 730):
        for index in range(poles):
            x = 320 + index * (360 / (poles - 1))
            board.fill(rect(x - 50, y, x + 50, y + 110, 10), paint("#6d7681", "#404851"))
            board.fill(oval(x, y + 55, 34), STEEL)
            board.fill(stroke([(x - 18, y + 55), (x + 18, y + 55)], 8), "#4a535d").fill(
                stroke([(x, y + 37), (x, y + 73)], 8), "#4a535d"
            )


def sensor(board: Canvas, *, kind: str = "ceiling") -> None:
    """A motion sensor."""
    board.body(oval(500, 470, 320, 290), FINISH["white"], drop=30)
    board.fill(oval(500, 458, 270, 240), paint("#ffffff", "#e7ebef"))
    board.fill(oval(500, 480, 160, 150), glow("#ffffff", "#f0f3f5", "#cfd6dd"))
    for across in (60, 100, 136):
        board.fill(ring(500, 480, across, 3, across * 0.94), "#b3bcc6", opacity=0.7)
    for x in (440, 500, 560):
        board.fill(stroke([(x, 350), (x, 612)], 3), "#b3bcc6", opacity=0.6)
    board.fill(oval(680, 420, 12), glow("#ffd5d0", "#e0463a"))


def timer(board: Canvas) -> None:
    """A rail timer with its dial."""
    board.body(rect(320, 150, 680, 870, 18), FINISH["white"], drop=26)
    board.fill(rect(330, 300, 670, 720, 10), paint("#f4f6f8", "#dde2e7"))
    board.fill(oval(500, 510, 150), "#aab3bd").fill(oval(500, 506, 146), paint("#ffffff", "#edf0f3"))
    for step in range(24):
        board.tick(500, 506, 118, 138, step / 24, 5, "#4a535e" if step % 6 else "#2b6cd4")
    board.fill(oval(500, 506, 66), paint("#4d5661", "#2a3037"))
    board.fill(stroke([(500, 506), (540, 462)], 10), "#ffffff")
    for y in (215, 795):
        for x in (400, 500, 600):
            board.fill(oval(x, y, 30), STEEL)
            board.fill(stroke([(x - 16, y), (x + 16, y)], 7), "#4a535d")
