import { describe, expect, test } from "vitest";
import { message, offer, snapshot, work } from "./sample";
import { apply, fromSnapshot } from "./state";

const desk = fromSnapshot(snapshot());
const later = "2026-11-24T12:00:05.5+00:00";

describe("messages", () => {
  test("one said twice is there once", () => {
    const payload = { conversation: 5, message: message({ id: 2, at: later }) };
    const twice = apply(apply(desk, "message.added", payload), "message.added", payload);
    expect(twice.work[9]?.messages.map((each) => each.id)).toEqual([1, 2]);
    expect(twice.work[9]?.conversation).toMatchObject({ unread: 2, last_message_at: later });
  });
  test("stand in the order of their times, however they come", () => {
    const late = apply(desk, "message.added", { conversation: 5, message: message({ id: 3, at: later }) });
    const both = apply(late, "message.added", { conversation: 5, message: message({ id: 2, at: "2026-11-24T12:00:02+00:00" }) });
    expect(both.work[9]?.messages.map((each) => each.id)).toEqual([1, 2, 3]);
  });
  test("an answer of ours has read what came before", () => {
    const answered = apply(desk, "message.added", { conversation: 5, message: message({ id: 2, kind: "outbound", at: later }) });
    expect(answered.work[9]?.conversation).toMatchObject({ unread: 0, agent_read_at: later, last_message_at: later });
  });
  test("a note changes neither what is unread nor the last word", () => {
    const noted = apply(desk, "message.added", { conversation: 5, message: message({ id: 2, kind: "note", at: later }) });
    expect(noted.work[9]?.conversation).toEqual(desk.work[9]?.conversation);
  });
  test("a conversation that is not ours changes nothing", () => {
    expect(apply(desk, "message.added", { conversation: 6, message: message({ conversation: 6 }) })).toBe(desk);
  });
  test("delivery is put right in place", () => {
    const failed = apply(desk, "message.changed", { conversation: 5, message: message({ delivery: "failed" }) });
    expect(failed.work[9]?.messages.map((each) => each.delivery)).toEqual(["failed"]);
  });
});

describe("reading", () => {
  test("by us empties the count of what came before", () => {
    const read = apply(desk, "conversation.read", { conversation: 5, by: "agent", at: later });
    expect(read.work[9]?.conversation).toMatchObject({ unread: 0, agent_read_at: later });
  });
  test("by the customer marks our words", () => {
    const read = apply(desk, "conversation.read", { conversation: 5, by: "customer", at: later });
    expect(read.work[9]?.conversation).toMatchObject({ unread: 1, customer_read_at: later });
  });
});

describe("offers and work", () => {
  test("an offer opens and ends", () => {
    const opened = apply(desk, "offer.opened", { offer: offer() });
    expect(Object.keys(opened.offers)).toEqual(["1-8-0"]);
    expect(apply(opened, "offer.ended", { id: "1-8-0", state: "timed_out", why: "" }).offers).toEqual({});
  });
  test("a contact closed is counted once, wrap-up or not", () => {
    const straight = apply(desk, "work.ended", { contact: 9, assignment: 3, why: "closed" });
    const { assignment, contact, conversation } = work();
    const wrapping = apply(desk, "work.changed", { assignment: { ...assignment, state: "wrap_up", why: "closed" }, contact, conversation });
    const wrapped = apply(wrapping, "work.ended", { contact: 9, assignment: 3, why: "closed" });
    expect([straight.today.contacts, wrapping.today.contacts, wrapped.today.contacts]).toEqual([1, 1, 1]);
    expect([straight.work, wrapped.work]).toEqual([{}, {}]);
  });
  test("the end of an earlier assignment leaves the later one alone", () => {
    expect(apply(desk, "work.ended", { contact: 9, assignment: 2, why: "transferred" })).toBe(desk);
  });
  test("an act brings the day's sums and keeps the count of contacts", () => {
    const paid = apply(desk, "act.added", { act: {}, today: { acts: 1, cents: 240, currency: "EUR" } });
    expect(paid.today).toEqual({ acts: 1, cents: 240, currency: "EUR", contacts: 0 });
  });
});

test("an event that the desk does not know changes nothing", () => expect(apply(desk, "slot.offered", {})).toBe(desk));
