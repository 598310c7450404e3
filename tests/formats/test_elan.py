"""EAF: tiers, time slots, and XML that means harm."""

from __future__ import annotations

import re

import pytest
from defusedxml.ElementTree import fromstring

from diarist.errors import ParseError
from diarist.formats.elan import parse, serialise
from diarist.types import Diarization, Turn

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2020-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"><PROPERTY NAME="lastUsedAnnotationId">3</PROPERTY></HEADER>
<TIME_ORDER>
<TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="1500"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="4000"/>
<TIME_SLOT TIME_SLOT_ID="ts3"/>
</TIME_ORDER>
<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="Ann-transcription" PARTICIPANT="Ann">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
<ANNOTATION_VALUE>Hi &amp; bye</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="Bob">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
<ANNOTATION_VALUE/></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<TIER LINGUISTIC_TYPE_REF="words" TIER_ID="words" PARENT_REF="Bob">
<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts3">
<ANNOTATION_VALUE>part</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION></TIER>
<LINGUISTIC_TYPE LINGUISTIC_TYPE_ID="default-lt" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>"""


def one(text: str) -> Diarization:
    (talk,) = parse(text, recording_id="r")
    return talk


def test_participants_tiers_and_children() -> None:
    assert one(EAF).turns == (Turn(1.5, 4, "Ann", None, "Hi & bye"), Turn(1.5, 4, "Bob"))


def test_tiers_of_a_speaker_who_overlaps_themselves() -> None:
    talk = Diarization("r", (Turn(0, 2, "A"), Turn(1, 3, "A"), Turn(5, 6, "A (2)"), Turn(0, 1, "B")))
    text = serialise([talk])
    assert re.findall(r'PARTICIPANT="([^"]+)" TIER_ID="([^"]+)"', text) == [
        ("B", "B"),
        ("A", "A"),
        ("A", "A (2)'"),
        ("A (2)", "A (2)"),
    ]
    assert one(text).turns == talk.turns


def test_the_order_of_elements_is_the_schemas() -> None:
    root = fromstring(serialise([Diarization("r", (Turn(0, 1, "A"),))]))
    assert [child.tag for child in root] == ["HEADER", "TIME_ORDER", "TIER", "LINGUISTIC_TYPE"]
    assert {slot.get("TIME_SLOT_ID") for slot in root.iter("TIME_SLOT")} == {"ts1", "ts2"}
    assert serialise([Diarization("r")]) == serialise([Diarization("s")])


def test_markup_in_labels_is_text() -> None:
    talk = Diarization("r", (Turn(0, 1, '<b a="1">&\n\t', None, "]]> <x>&amp;\r\n\x07"),))
    (turn,) = one(serialise([talk])).turns
    assert turn.speaker == '<b a="1">&\n\t'
    assert turn.text == "]]> <x>&amp;\r\n\ufffd"


BOMB = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]>'
FILE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("<ANNOTATION_DOCUMENT", BOMB + "<ANNOTATION_DOCUMENT", "no XML that can be read"),
        ("<ANNOTATION_DOCUMENT", FILE + "<ANNOTATION_DOCUMENT", "no XML that can be read"),
        ("</ANNOTATION_DOCUMENT>", "", "no XML that can be read"),
        ("ANNOTATION_DOCUMENT", "OTHER_DOCUMENT", "not ANNOTATION_DOCUMENT"),
        ("milliseconds", "PAL-frames", "Times are in 'PAL-frames'"),
        ('TIME_VALUE="4000"', 'TIME_VALUE="1500"', "'a1' of 'Ann': The interval"),
        ('TIME_VALUE="4000"', 'TIME_VALUE="-1"', "slot without a time"),
        ('TIME_VALUE="4000"', "", "slot without a time"),
        ('TIME_VALUE="4000"', f'TIME_VALUE="{"9" * 9999}"', "slot without a time"),
        ('TIME_SLOT_REF2="ts2"', 'TIME_SLOT_REF2="ts9"', "slot without a time"),
    ],
)
def test_refused(old: str, new: str, problem: str) -> None:
    assert old in EAF
    with pytest.raises(ParseError) as caught:
        one(EAF.replace(old, new))
    assert problem in str(caught.value)


def test_deep_nesting_is_refused_or_ignored() -> None:
    with pytest.raises(ParseError):
        one("<a>" * 100_000)
