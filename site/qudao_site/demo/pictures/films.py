"""Short silent films of figures: VP8 in WebM, put together by hand.

A lossy WebP picture is one VP8 key frame, so Pillow can make every frame; what remains is the container (RFC 8794,
RFC 9559).
"""

from __future__ import annotations

import io
import struct
from collections.abc import Iterator

from PIL import Image, ImageDraw

from .figures import draw_figure

SIZE = (960, 540)
RATE, DRAWN, HELD = 5, 30, 15
PAPER, HAND = "#ffffff", "#2566c4"


def render_film(name: str) -> bytes:
    """The figure drawn from left to right in six seconds, then shown for three."""
    frames = list(_frames(name))
    return _header() + _segment(frames)


def _frames(name: str) -> Iterator[bytes]:
    whole = draw_figure(name)
    whole.thumbnail((SIZE[0] - 40, SIZE[1] - 40))
    place = (SIZE[0] - whole.width) // 2, (SIZE[1] - whole.height) // 2
    for step in range(1, DRAWN + 1):
        shown = round(whole.width * step / DRAWN)
        frame = Image.new("RGB", SIZE, PAPER)
        frame.paste(whole.crop((0, 0, shown, whole.height)), place)
        if step < DRAWN:
            edge = place[0] + shown
            ImageDraw.Draw(frame).line((edge, place[1], edge, place[1] + whole.height), HAND, 3)
        last = _key_frame(frame)
        yield last
    yield from [last] * HELD


def _key_frame(frame: Image.Image) -> bytes:
    """The VP8 data of a picture: what follows the chunk's name and length in a plain WebP file."""
    target = io.BytesIO()
    frame.save(target, "WEBP", quality=55, method=2)
    data = target.getvalue()
    start = data.index(b"VP8 ")
    return data[start + 8 : start + 8 + struct.unpack("<I", data[start + 4 : start + 8])[0]]


def _element(name: int, body: bytes) -> bytes:
    """One EBML element; the length always in eight bytes."""
    key = name.to_bytes((name.bit_length() + 7) // 8, "big")
    return key + struct.pack(">Q", len(body) | 1 << 56) + body


def _number(name: int, value: int) -> bytes:
    return _element(name, value.to_bytes(max((value.bit_length() + 7) // 8, 1), "big"))


def _header() -> bytes:
    numbers = ((0x4286, 1), (0x42F7, 1), (0x42F2, 4), (0x42F3, 8))
    kind = _element(0x4282, b"webm") + _number(0x4287, 2) + _number(0x4285, 2)
    return _element(0x1A45DFA3, b"".join(_number(*each) for each in numbers) + kind)


def _segment(frames: list[bytes]) -> bytes:
    millisecond = _number(0x2AD7B1, 1_000_000)
    length = _element(0x4489, struct.pack(">d", len(frames) * 1000 / RATE))
    names = _element(0x4D80, b"qudao") + _element(0x5741, b"qudao")
    info = _element(0x1549A966, millisecond + length + names)
    picture = _element(0xE0, _number(0xB0, SIZE[0]) + _number(0xBA, SIZE[1]))
    track = _number(0xD7, 1) + _number(0x73C5, 1) + _number(0x83, 1) + _element(0x86, b"V_VP8") + picture
    tracks = _element(0x1654AE6B, _element(0xAE, track))
    blocks = b"".join(
        _element(0xA3, b"\x81" + struct.pack(">hB", at * 1000 // RATE, 0x80) + frame)
        for at, frame in enumerate(frames)
    )
    return _element(0x18538067, info + tracks + _element(0x1F43B675, _number(0xE7, 0) + blocks))
