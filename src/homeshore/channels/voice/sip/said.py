"""Which files of spoken words the house says now: those of every menu, and of every notice."""

from collections.abc import Iterable

from homeshore.channels.voice.models import Number, Prompt
from homeshore.channels.voice.sip import spoken
from homeshore.channels.voice.sip.menu import After, Offered, Utterance, words_of
from homeshore.channels.voice.sip.notices import notices_of


def names_said() -> set[str]:
    """The names of the files that callers may hear, and of the operators' own recordings that are in them."""
    prompts = dict(Prompt.objects.values_list("pk", "name"))
    found: set[str] = set()
    for number in Number.objects.prefetch_related("choices").order_by("id"):
        for words in _all_said(number, prompts):
            found.add(spoken.name_of(words))
            found |= {spoken.own_name(each.prompt) for each in words if each.prompt}
    return found


def _all_said(number: Number, prompts: dict[int, str]) -> Iterable[tuple[Utterance, ...]]:
    for notice in notices_of(number).values():
        yield (Utterance(notice.language, notice.text, prompts.get(notice.prompt_id or 0, "")),)
    opening = Utterance(number.language, number.opening, prompts.get(number.opening_prompt_id or 0, ""))
    offered = [
        Offered(each.key, each.label, each.language, prompts.get(each.prompt_id or 0, ""))
        for each in number.choices.all()
    ]
    for after in After if offered else ():
        yield words_of(opening, offered, after=after)
