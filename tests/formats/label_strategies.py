"""Labels, texts and diarizations for the property tests, and what a format may do to them."""

from __future__ import annotations

import re
from dataclasses import replace

from hypothesis import strategies as st

from diarist.formats import FORMATS, parse, serialise
from diarist.types import Diarization, Turn

# Everything that has broken a format somewhere, and every other character but half a surrogate pair.
NASTY = "\"'\\<>&;:,=()[]{}|!#\t\n\r\v\f \u00a0\u0085\u2028\u2029\ufeff\u202e\u0301日é💬-–09aZ_%/"
characters = st.sampled_from(NASTY) | st.characters(exclude_categories=["Cs"], exclude_characters="\0")
snippets = st.sampled_from(
    ["-->", "[A]", "[A]: b", "A: b", "<v A>", "</v>", "&amp;", "&lt;", "]]>", "WEBVTT", "NOTE", "42", "<NA>",
     ";;", "SPEAKER", '""', "\r\n", "\n\n", "00:00:01,000 --> 00:00:02,000", "=1+1", "\\n", "\\"]
)  # fmt: skip
texts = st.lists(snippets | characters, max_size=6).map("".join)
labels = texts.filter(lambda label: label.strip())
confidences = st.none() | st.floats(0, 1)


@st.composite
def turns(draw: st.DrawFn) -> Turn:
    """A turn on whole milliseconds."""
    start = draw(st.integers(0, 10**8))
    end = start + draw(st.integers(1, 10**6))
    return Turn(start / 1000, end / 1000, draw(labels), draw(confidences), draw(st.none() | texts))


crowded = st.integers(0, 30).flatmap(
    lambda start: st.builds(
        lambda length, speaker: Turn(start / 1000, (start + length) / 1000, speaker),
        st.integers(1, 20),
        st.sampled_from(["A", "B", "A (2)"]),
    )
)
diarizations = st.builds(
    Diarization,
    st.just("r"),
    (st.lists(turns(), max_size=5) | st.lists(crowded, max_size=10)).map(tuple),
)


def again(diarization: Diarization, name: str) -> Diarization:
    """``diarization`` after it has been written and read."""
    (read,) = parse(serialise([diarization], name), name, recording_id=diarization.recording_id)
    return read


def spaced(text: str) -> str:
    return re.sub(r"[ \t\r\n\f\v]+", " ", text).strip(" ")


def expected(diarization: Diarization, name: str) -> list[tuple[object, ...]]:
    """The turns that a format promises to keep, by its row in the table."""
    return sorted((_kept(turn, name) for turn in diarization), key=repr)


def _kept(turn: Turn, name: str) -> tuple[object, ...]:
    if name == "json":
        return turn.start, turn.end, turn.speaker, turn.confidence, turn.text
    facts = FORMATS[name]
    speaker, text, confidence = turn.speaker, turn.text or None, turn.confidence
    if name == "rttm":
        speaker = re.sub(r"[\s\x00-\x1f\x7f-\x9f]", "_", speaker)
        speaker = "UNKNOWN" if speaker == "<NA>" else speaker
    if "runs of white space in labels and texts become one space" in facts.loses:
        speaker, text = spaced(speaker), spaced(text or "") or None
    if "confidence beyond three decimals" in facts.loses and confidence is not None:
        confidence = float(f"{confidence:.3f}")
    if "control characters become U+FFFD" in facts.loses:
        speaker, text = _xml(speaker), _xml(text or "") or None
    if name == "textgrid" and text is not None and (not text.strip() or text == speaker):
        text = None
    confidence = confidence if facts.holds_confidence else None
    return turn.start, turn.end, speaker, confidence, text if facts.holds_text else None


def _xml(text: str) -> str:
    return re.sub("[\x01-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]", "\ufffd", text)


def kept(diarization: Diarization) -> list[tuple[object, ...]]:
    return sorted(
        ((turn.start, turn.end, turn.speaker, turn.confidence, turn.text) for turn in diarization), key=repr
    )


def with_turns(*turns: Turn) -> Diarization:
    return replace(Diarization("r"), turns=turns)
