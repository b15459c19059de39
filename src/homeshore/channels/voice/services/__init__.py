"""All writes of calls. Drivers tell what happened to the sound, agents what they do with it; the rest follows the contact."""

from homeshore.channels.voice.services.attempts import say_result
from homeshore.channels.voice.services.calls import Thread, end_call, place_call
from homeshore.channels.voice.services.companions import (
    come_back,
    come_in,
    give_companion_sign,
    go_out,
    raise_hand,
    renew_all,
    renew_companion,
    send_out_the_silent,
    take_part,
)
from homeshore.channels.voice.services.consultations import (
    answer_consultation,
    ask_colleague,
    hand_over,
    let_join,
    take_back,
)
from homeshore.channels.voice.services.follow import follow, follow_all
from homeshore.channels.voice.services.legs import drop_leg, hold, phone_rang, sound_heard
from homeshore.channels.voice.services.line_checks import record_line_check, set_line_bar
from homeshore.channels.voice.services.listening import customer_told_of_listening, set_listening_rule
from homeshore.channels.voice.services.outside import ask_outside, outside_answered, outside_over
from homeshore.channels.voice.services.placing import (
    Errand,
    call_customer,
    call_in_contact,
    call_listed,
    customer_reached,
)
from homeshore.channels.voice.services.quality import end_rests, record_quality
from homeshore.channels.voice.services.recordings import (
    begin_take,
    customer_told,
    keep_piece,
    pause_recording,
    refuse_recording,
    set_recording_rule,
)
from homeshore.channels.voice.services.telling import agent_told

__all__ = [
    "Errand",
    "Thread",
    "agent_told",
    "answer_consultation",
    "ask_colleague",
    "ask_outside",
    "begin_take",
    "call_customer",
    "call_in_contact",
    "call_listed",
    "come_back",
    "come_in",
    "customer_reached",
    "customer_told",
    "customer_told_of_listening",
    "drop_leg",
    "end_call",
    "end_rests",
    "follow",
    "follow_all",
    "give_companion_sign",
    "go_out",
    "hand_over",
    "hold",
    "keep_piece",
    "let_join",
    "outside_answered",
    "outside_over",
    "pause_recording",
    "phone_rang",
    "place_call",
    "raise_hand",
    "record_line_check",
    "record_quality",
    "refuse_recording",
    "renew_all",
    "renew_companion",
    "say_result",
    "send_out_the_silent",
    "set_line_bar",
    "set_listening_rule",
    "set_recording_rule",
    "sound_heard",
    "take_back",
    "take_part",
]
