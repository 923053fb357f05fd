"""QR codes as pictures that a cheap phone reads, from paper or from another phone's screen."""

from __future__ import annotations

import io

import segno

#: Telegram makes pictures smaller for small screens; at this size a module keeps ten pixels.
_ABOUT = 500
#: Modules left white around the code, as ISO/IEC 18004 asks.
_BORDER = 4


def qr_png(text: str) -> bytes:
    """Return the QR code of a text as a PNG, black on white, about 500 pixels wide.

    About a seventh of it may be covered or torn: level M, or better where that costs no pixel.
    """
    code = segno.make_qr(text, error="m")
    width, _ = code.symbol_size(border=_BORDER)
    drawn = io.BytesIO()
    code.save(drawn, kind="png", scale=max(_ABOUT // width, 1), border=_BORDER)
    return drawn.getvalue()
