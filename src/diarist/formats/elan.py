"""EAF: ELAN's annotation files, one tier a speaker.

Max Planck Institute for Psycholinguistics, "ELAN Annotation Format, version 3.0" (EAFv3.0.xsd):
XML in which annotations refer to time slots, and time slots hold whole milliseconds ::

    <TIME_ORDER><TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="12340"/>...</TIME_ORDER>
    <TIER TIER_ID="SPEAKER_00" PARTICIPANT="SPEAKER_00" LINGUISTIC_TYPE_REF="turns">
      <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">

A turn's speaker is the tier's ``PARTICIPANT``, and its ``TIER_ID`` where that is empty. Annotations
of a tier do not overlap and its name is unique: where two turns of one speaker overlap, that speaker
has a second tier, ``SPEAKER_00 (2)``, with the same participant.

Tiers with a ``PARENT_REF`` say more about another tier's annotations (words, translations) and are
ignored. The schema lets ELAN leave out the time of a slot, to be put between its neighbours; on a
tier without parent ELAN does not, and this reader calls it an error. No media file is named: ELAN
asks for it. The date is a constant, so that the same turns give the same bytes.

XML 1.0 cannot hold most control characters: each becomes U+FFFD.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from xml.etree.ElementTree import Element
from xml.etree.ElementTree import ParseError as XMLParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from diarist.errors import InputError, ParseError
from diarist.formats.common import only_one, tiers, xml
from diarist.types import UNKNOWN, Diarization, Turn

NAME = "elan"
SUFFIXES = (".eaf",)

DATE = "1970-01-01T00:00:00+00:00"
_OPENING = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="{DATE}" FORMAT="3.0" VERSION="3.0"\
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"\
 xsi:noNamespaceSchemaLocation="http://www.mpi.nl/tools/elan/EAFv3.0.xsd">
    <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
    <TIME_ORDER>
"""
_CLOSING = """\
    <LINGUISTIC_TYPE GRAPHIC_REFERENCES="false" LINGUISTIC_TYPE_ID="turns" TIME_ALIGNABLE="true"/>
</ANNOTATION_DOCUMENT>
"""


def parse(text: str, *, recording_id: str) -> list[Diarization]:
    """One diarization with the annotations of all tiers without parent.

    Args:
        text: the file's.
        recording_id: the recording's name, which the format does not hold.

    Raises:
        ParseError: if the file is no EAF, or declares entities.
    """
    root = _root(text)
    units = root.findall("HEADER")[:1]
    if units and units[0].get("TIME_UNITS", "milliseconds") != "milliseconds":
        raise ParseError(f"Times are in {units[0].get('TIME_UNITS')!r}.", "Save them in milliseconds.")
    slots = {
        slot.get("TIME_SLOT_ID"): slot.get("TIME_VALUE") for slot in root.iterfind("TIME_ORDER/TIME_SLOT")
    }
    turns = [
        _turn(annotation, _speaker(tier), slots)
        for tier in root.iterfind("TIER")
        if not tier.get("PARENT_REF")
        for annotation in tier.iterfind("ANNOTATION/ALIGNABLE_ANNOTATION")
    ]
    return [Diarization(recording_id, tuple(turns), source=NAME)]


def serialise(diarizations: Sequence[Diarization]) -> str:
    """An EAF of version 3.0.

    Raises:
        FormatError: if there is not exactly one diarization.
    """
    own = tiers(only_one(diarizations, NAME))
    times = [time for _, _, turns in own for start, end, _ in turns for time in (start, end)]
    slots = [
        f'        <TIME_SLOT TIME_SLOT_ID="ts{index}" TIME_VALUE="{time}"/>\n'
        for index, time in enumerate(times, start=1)
    ]
    return "".join([_OPENING, *slots, "    </TIME_ORDER>\n", *_tiers(own), _CLOSING])


def _root(text: str) -> Element:
    try:
        # As text: whatever encoding the declaration names, it has been decoded already.
        root: Element = fromstring(text, forbid_dtd=True)
    except (XMLParseError, DefusedXmlException, ValueError, RecursionError, MemoryError) as error:
        raise ParseError(f"This is no XML that can be read ({error}).", "Save it anew in ELAN.") from None
    if root.tag != "ANNOTATION_DOCUMENT":
        raise ParseError(f"The document is {root.tag[:40]!r}, not ANNOTATION_DOCUMENT.", "Give an ELAN file.")
    return root


def _speaker(tier: Element) -> str:
    names = (tier.get("PARTICIPANT", ""), tier.get("TIER_ID", ""), UNKNOWN)
    return next(name for name in names if name.strip())


def _turn(annotation: Element, speaker: str, slots: Mapping[str | None, str | None]) -> Turn:
    name = f"Annotation {annotation.get('ANNOTATION_ID', '')[:40]!r} of {speaker[:40]!r}"
    times = [slots.get(annotation.get(side)) for side in ("TIME_SLOT_REF1", "TIME_SLOT_REF2")]
    start, end = (int(time) if time and time.isdecimal() and len(time) < 16 else None for time in times)
    if start is None or end is None:
        raise ParseError(f"{name} has a slot without a time in milliseconds.", "Align it in ELAN.")
    text = annotation.findtext("ANNOTATION_VALUE") or None
    try:
        return Turn(start / 1000, end / 1000, speaker, None, text)
    except InputError as error:
        raise ParseError(f"{name}: {error.problem}", error.remedy) from None


def _tiers(own: Sequence[tuple[str, int, list[tuple[int, int, Turn]]]]) -> Iterator[str]:
    taken: set[str] = {speaker for speaker, _, _ in own}
    count = 0
    for speaker, index, turns in own:
        tier_id = speaker if index == 1 else _unused(f"{speaker} ({index})", taken)
        taken.add(tier_id)
        yield (
            f'    <TIER LINGUISTIC_TYPE_REF="turns" PARTICIPANT="{xml(speaker)}" TIER_ID="{xml(tier_id)}">\n'
        )
        for _, _, turn in turns:
            count += 1
            yield (
                f'        <ANNOTATION>\n            <ALIGNABLE_ANNOTATION ANNOTATION_ID="a{count}" '
                f'TIME_SLOT_REF1="ts{2 * count - 1}" TIME_SLOT_REF2="ts{2 * count}">\n'
                f"                <ANNOTATION_VALUE>{xml(turn.text or '')}</ANNOTATION_VALUE>\n"
                "            </ALIGNABLE_ANNOTATION>\n        </ANNOTATION>\n"
            )
        yield "    </TIER>\n"


def _unused(tier_id: str, taken: set[str]) -> str:
    while tier_id in taken:
        tier_id += "'"
    return tier_id
