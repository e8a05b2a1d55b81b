"""Switches, sockets, breakers, boxes."""

from __future__ import annotations

from .canvas import Canvas, Paint, area, glow, mix, oval, paint, rect, ring, stroke
from .lamps import DARK, FINISH, STEEL

#: Plates by colour: (plate, key, edge).
PLATES = {
    "white": (paint("#ffffff", "#f4f5f7", "#e1e5e9"), paint("#ffffff", "#eef1f4"), "#c3cad2"),
    "champagne": (paint("#f3e6cd", "#e5d2b0", "#cdb78f"), paint("#f6ebd6", "#e2cfab"), "#ab946b"),
    "grey": (paint("#8b949f", "#6f7985", "#565f6b"), paint("#8f98a3", "#6a7480"), "#464e58"),
    "black": (paint("#4b525c", "#30363e", "#1f242a"), paint("#4e555f", "#2c3239"), "#15191d"),
}
INK = {"white": "#3a434e", "champagne": "#5d4c2c", "grey": "#20262d", "black": "#0c0f12"}


def _plate(board: Canvas, colour: str, *, wide: bool = False) -> tuple[float, float, float, float]:
    left, right = (120, 880) if wide else (190, 810)
    top, bottom = (270, 730) if wide else (190, 810)
    plate, _key, edge = PLATES[colour]
    board.body(rect(left, top, right, bottom, 42), edge, drop=26)
    board.fill(rect(left, top, right, bottom - 9, 40), plate)
    board.fill(rect(left + 4, top + 4, right - 4, top + 40, 36), "#ffffff", blur=8, opacity=0.35)
    return left + 56, top + 56, right - 56, bottom - 64


def _key(board: Canvas, box: tuple[float, float, float, float], colour: str, radius: float = 16) -> None:
    _plate_paint, key, edge = PLATES[colour]
    left, top, right, bottom = box
    board.fill(rect(left - 3, top - 3, right + 3, bottom + 7, radius), edge, opacity=0.8)
    board.fill(rect(left, top, right, bottom, radius), key)


def switch(board: Canvas, *, colour: str = "white", gangs: int = 1, lit: bool = True) -> None:
    """Rocker switches, one to four in a plate."""
    left, top, right, bottom = _plate(board, colour)
    width = (right - left - (gangs - 1) * 10) / gangs
    for index in range(gangs):
        x = left + index * (width + 10)
        _key(board, (x, top, x + width, bottom), colour)
        middle = (top + bottom) / 2
        board.fill(rect(x, middle, x + width, bottom, 14), "#000000", opacity=0.05)
        board.fill(rect(x + 6, middle - 2, x + width - 6, middle + 2), "#000000", opacity=0.07)
        if lit:
            board.fill(
                rect(x + width / 2 - 22, bottom - 48, x + width / 2 + 22, bottom - 38, 5),
                "#3f8cff" if colour in ("black", "grey") else "#8fc2a0",
            )


def dimmer(board: Canvas, *, colour: str = "white") -> None:
    """A rotary knob with its scale."""
    _plate(board, colour)
    _body, key, edge = PLATES[colour]
    for step in range(21):
        board.tick(500, 500, 214, 232, -0.36 + step * 0.036, 5, edge)
    board.shadow(oval(500, 500, 150), drop=20, opacity=0.3)
    board.fill(oval(500, 500, 152), edge)
    board.fill(oval(500, 496, 148), key)
    board.fill(oval(500, 496, 112), Paint(tuple(reversed(key.stops)), 60))
    board.fill(stroke([(500, 372), (500, 412)], 14), "#e0a33a")


def touch(board: Canvas, *, colour: str = "black", gangs: int = 2) -> None:
    """A glass touch panel with lit rings."""
    _plate(board, colour)
    board.fill(
        rect(214, 214, 786, 778, 30),
        paint(mix(INK[colour], "#ffffff", 0.12), INK[colour])
        if colour in ("black", "grey")
        else paint("#ffffff", "#eef2f6"),
    )
    board.fill(
        area((214, 560), (560, 214), (700, 214), (214, 700)),
        "#ffffff",
        opacity=0.08 if colour in ("black", "grey") else 0.6,
    )
    places = {1: [500], 2: [390, 610], 3: [330, 500, 670], 4: [310, 437, 563, 690]}[gangs]
    for x in places:
        board.fill(ring(x, 496, 52, 30), "#5aa2ff", blur=12, opacity=0.6)
        board.fill(ring(x, 496, 48, 7), "#8fc0ff")


def _slot(board: Canvas, x: float, y: float, angle: float, colour: str, length: float = 56) -> None:
    """A hole for a flat pin, leaning by ``angle`` (in units across)."""
    ends = [(x - angle, y - length / 2), (x + angle, y + length / 2)]
    board.fill(stroke(ends, 22), mix(INK[colour], "#ffffff", 0.5), opacity=0.6)
    board.fill(stroke(ends, 16), INK[colour])


def socket(board: Canvas, *, colour: str = "white", usb: int = 0, kind: str = "five") -> None:
    """Chinese sockets: ``five`` holes (two and three pins), ``three`` holes for 16 A, ``double`` with two
    fives.
    """
    if kind == "double":
        _plate(board, colour, wide=True)
        for x in (320, 680):
            _five(board, x, 495, colour, 0.8)
        return
    box = _plate(board, colour)
    _key(board, box, colour, 26)
    if kind == "three":
        _slot(board, 500, 405, 0, colour, 96)
        _slot(board, 408, 570, -34, colour, 88)
        _slot(board, 592, 570, 34, colour, 88)
        return
    _five(board, 500, 470 if usb else 500, colour, 1)
    for index in range(usb):
        x = 500 + (index - (usb - 1) / 2) * 150
        board.fill(rect(x - 52, 660, x + 52, 704, 8 if index == 0 else 22), INK[colour])
        board.fill(
            rect(x - 40, 672, x + 40, 686, 4), mix(INK[colour], "#5b8cff" if index else "#ffffff", 0.45)
        )


def _five(board: Canvas, x: float, y: float, colour: str, scale: float) -> None:
    _slot(board, x - 62 * scale, y - 130 * scale, 0, colour, 62 * scale)
    _slot(board, x + 62 * scale, y - 130 * scale, 0, colour, 62 * scale)
    _slot(board, x, y - 10 * scale, 0, colour, 66 * scale)
    _slot(board, x - 78 * scale, y + 96 * scale, -22 * scale, colour, 62 * scale)
    _slot(board, x + 78 * scale, y + 96 * scale, 22 * scale, colour, 62 * scale)


def data_socket(board: Canvas, *, colour: str = "white", ports: int = 1) -> None:
    """Network outlets."""
    box = _plate(board, colour)
    _key(board, box, colour, 26)
    for index in range(ports):
        x = 500 + (index - (ports - 1) / 2) * 200
        board.fill(
            rect(x - 78, 400, x + 78, 560, 12), paint("#d7dce2", "#f6f7f9") if colour == "white" else STEEL
        )
        board.fill(
            area(
                (x - 56, 540),
                (x - 56, 450),
                (x - 26, 450),
                (x - 26, 424),
                (x + 26, 424),
                (x + 26, 450),
                (x + 56, 450),
                (x + 56, 540),
            ),
            "#20262d",
        )
        for pin in range(8):
            board.fill(rect(x - 44 + pin * 12, 516, x - 39 + pin * 12, 540), "#d7b45c")


def outdoor_socket(board: Canvas, *, colour: str = "grey") -> None:
    """A weatherproof box with a smoked lid."""
    board.body(
        rect(240, 180, 760, 840, 56), FINISH["silver"] if colour == "white" else FINISH["grey"], drop=26
    )
    board.fill(rect(268, 206, 732, 806, 40), paint("#f2f4f6", "#d4dae0"))
    _five(board, 500, 540, "white", 0.9)
    lid = rect(282, 330, 718, 792, 34)
    board.fill(lid, paint("#7f93a8", "#4d6074"), opacity=0.42)
    board.fill(area((282, 640), (560, 330), (640, 330), (282, 740)), "#ffffff", opacity=0.22, within=lid)
    board.fill(rect(360, 238, 640, 296, 20), FINISH["grey"])
    board.fill(rect(440, 770, 560, 812, 16), FINISH["grey"])


def breaker(board: Canvas, *, poles: int = 1, residual: bool = False, toggle: str = "#2b6cd4") -> None:
    """A miniature circuit breaker of one to four poles; ``residual``: with its test button and wider."""
    width = 132
    modules = poles + (1 if residual else 0)
    left = 500 - modules * width / 2
    board.ground(500, 905, modules * 80)
    board.shadow(rect(left, 130, left + modules * width, 880, 10), drop=22)
    for index in range(modules):
        _module(board, left + index * width, width)
    span = poles * width
    y = 430
    board.fill(rect(left + 26, y - 34, left + span - 26, y + 90, 10), "#1f242b", opacity=0.85)
    board.fill(
        rect(left + 34, y - 26, left + span - 34, y + 26, 10),
        paint(mix(toggle, "#ffffff", 0.35), toggle, mix(toggle, "#000000", 0.25), angle=90),
    )
    board.fill(rect(left + 34, y - 26, left + span - 34, y - 14, 6), "#ffffff", opacity=0.3)
    if residual:
        x = left + poles * width + width / 2
        board.fill(rect(x - 34, 400, x + 34, 460, 10), paint("#ffd877", "#dd9a23"))
        board.fill(rect(x - 40, 520, x + 40, 600, 6), paint("#ffffff", "#e7eaee"))
    for index in range(poles):
        x = left + index * width + width / 2
        board.fill(rect(x - 44, 555, x + 44, 562), toggle, opacity=0.8)
        board.fill(rect(x - 44, 578, x + 24, 586), "#8b95a1", opacity=0.8)
        board.fill(rect(x - 44, 600, x + 36, 608), "#8b95a1", opacity=0.6)


def _module(board: Canvas, left: float, width: float) -> None:
    """One pole: terminals above and below, the raised front between them."""
    right = left + width
    side = Paint(("#ffffff", "#eef1f4", "#cdd4db"), 0)
    board.fill(rect(left, 130, right, 880, 8), Paint(("#eceff2", "#d3d9df", "#b9c1ca"), 0))
    board.fill(rect(left + 2, 300, right - 2, 700, 6), side)
    board.fill(rect(left + 2, 296, right - 2, 312), "#ffffff", opacity=0.8)
    for y in (205, 795):
        board.fill(oval(left + width / 2, y, 36), "#6d7782")
        board.fill(oval(left + width / 2, y, 29), STEEL)
        board.fill(stroke([(left + width / 2 - 18, y - 6), (left + width / 2 + 18, y + 6)], 8), "#4c5560")
    board.fill(rect(right - 2, 140, right, 870), "#8a949f", opacity=0.5)


def board_box(board: Canvas, *, rows: int = 1, colour: str = "white", modules: int = 6) -> None:
    """A distribution box with a see-through door."""
    top, bottom = (250, 760) if rows == 1 else (150, 860)
    finish = FINISH["white"] if colour == "white" else FINISH["silver"]
    board.body(rect(130, top, 870, bottom, 30), finish, drop=28)
    board.fill(rect(168, top + 36, 832, bottom - 40, 20), paint("#e7ebef", "#f6f8fa"))
    for row in range(rows):
        y = top + 92 + row * ((bottom - top - 150) / rows)
        high = (bottom - top - 200) / rows
        board.fill(rect(206, y, 794, y + high, 10), "#2a3038", opacity=0.9)
        wide = 560 / modules
        for index in range(modules):
            x = 220 + index * wide
            board.fill(
                rect(x + 2, y + 12, x + wide - 2, y + high - 12, 5), paint("#ffffff", "#d9dfe5", angle=0)
            )
            board.fill(
                rect(x + 10, y + high * 0.36, x + wide - 10, y + high * 0.6, 4),
                "#2b6cd4" if index else "#e0a33a",
            )
    door = rect(168, top + 36, 832, bottom - 40, 20)
    board.fill(door, paint("#a9c2dc", "#6f8cab"), opacity=0.28)
    board.fill(
        area((168, bottom - 220), (560, top + 36), (680, top + 36), (168, bottom - 110)),
        "#ffffff",
        opacity=0.28,
        within=door,
    )
    board.fill(rect(452, bottom - 58, 548, bottom - 26, 12), FINISH["grey"])


def junction(board: Canvas, *, colour: str = "white") -> None:
    """A plain back box with its knock-outs."""
    coat = PLATES[colour][0]
    board.body(rect(220, 220, 780, 780, 36), PLATES[colour][2], drop=26)
    board.fill(rect(250, 250, 750, 750, 22), Paint(tuple(reversed(coat.stops)), 60))
    for x, y in ((500, 500), (360, 360), (640, 360), (360, 640), (640, 640)):
        board.fill(ring(x, y, 62, 5), PLATES[colour][2], opacity=0.6)
    for y in (290, 710):
        board.fill(oval(500, y, 20), glow("#f2d58f", "#b88f3f"))
        board.fill(oval(500, y, 8), DARK)
