"""matplotlib for every picture: asked for when one is drawn, with settings of its own, one at a time."""

from __future__ import annotations

import logging
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from diarist.errors import OptionError

# Tried in this order for characters that the first does not have.
FONTS = (
    "DejaVu Sans", "Noto Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC",
    "Noto Sans KR", "Noto Sans Devanagari", "Noto Sans Thai", "Source Han Sans", "WenQuanYi Micro Hei",
    "WenQuanYi Zen Hei", "IPAexGothic", "Hiragino Sans", "PingFang SC", "Apple SD Gothic Neo",
    "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Nirmala UI", "Leelawadee UI", "Arial Unicode MS",
)  # fmt: skip

_ONE_AT_A_TIME = threading.Lock()  # matplotlib's settings are those of the process


def require_matplotlib() -> None:
    """Find out early whether pictures can be made.

    Raises:
        OptionError: if matplotlib is not installed.
    """
    try:
        import matplotlib.figure  # noqa: F401
    except ImportError as error:
        raise OptionError(
            "Pictures need matplotlib, which is not installed.", "Run: pip install matplotlib"
        ) from error


@contextmanager
def own_settings() -> Iterator[None]:
    """matplotlib as it comes, whatever the user's own settings are, silent, for one thread at a time."""
    import matplotlib as mpl

    logger = logging.getLogger("matplotlib")
    with _ONE_AT_A_TIME:
        level = logger.level
        logger.setLevel(logging.ERROR)
        try:
            with mpl.rc_context(), warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of glyphs that no font has; SVG viewers have their own
                mpl.rcdefaults()
                mpl.rcParams.update(
                    {"font.family": _installed_fonts(), "svg.fonttype": "none", "svg.hashsalt": "diarist"}
                )
                yield
        finally:
            logger.setLevel(level)


def with_glyphs(text: str) -> str:
    """``text`` with a box for each character that no font here has."""
    if text.isascii():
        return text
    from matplotlib.font_manager import FontProperties, findfont, get_font

    fonts = [get_font(findfont(FontProperties(family=name))) for name in _installed_fonts()]
    return "".join(
        character
        if character.isspace() or any(font.get_char_index(ord(character)) for font in fonts)
        else "□"
        for character in text
    )


def _installed_fonts() -> list[str]:
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return [name for name in FONTS if name in installed] or ["sans-serif"]
