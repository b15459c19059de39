import { describe, expect, it } from "vitest";
import type { ServerEvent } from "../shared/sse";
import { entries, fromSnapshot, reduce, unread, type SentMessage, type SentThread, type Thread } from "./thread";

const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 24, 9, 0, seconds)).toISOString();

const message = (id: number, kind: SentMessage["kind"], seconds: number): SentMessage => ({
  id,
  kind,
  author: kind === "outbound" ? "Inês" : "Claire",
  body: `said ${id}`,
  at: at(seconds),
  client_id: `client-${id}`,
  attachments: [],
});

const snapshot = (change: Partial<SentThread> = {}): SentThread => ({
  position: "0.1",
  grant: "grant",
  now: at(0),
  conversation: 7,
  contact: { id: 3, channel: "chat", state: "waiting", outcome: "", arrived_at: at(0), agent: null },
  place: { place: 2, expected: { low_seconds: 60, high_seconds: 180 } },
  messages: [message(1, "inbound", 0)],
  turns: [],
  read_by_agent_at: null,
  read_by_customer_at: null,
  ...change,
});

const event = (kind: string, data: object): ServerEvent => ({ id: "0.2", topics: ["thread:5"], kind, data });
const told = (state: string, seconds: number, agent: string | null = null, outcome = "", contact = 3): ServerEvent =>
  event("contact.state", { contact, state, outcome, agent, at: at(seconds) });
const added = (sent: SentMessage): ServerEvent => event("message.added", { message: sent, at: sent.at });

describe("a thread after events", () => {
  it("is the thread that a fresh snapshot tells", () => {
    const followed = [
      told("active", 70, "Inês"),
      added(message(2, "outbound", 80)),
      event("read", { by: "customer", at: at(81) }),
      added(message(3, "inbound", 90)),
      event("read", { by: "agent", at: at(91) }),
      told("waiting", 100),
      told("active", 120, "Paul"),
      told("closed", 200, null, "handled"),
    ].reduce(reduce, fromSnapshot(snapshot()));
    const fresh = fromSnapshot(
      snapshot({
        contact: { id: 3, channel: "chat", state: "closed", outcome: "handled", arrived_at: at(0), agent: null },
        place: null,
        messages: [message(1, "inbound", 0), message(2, "outbound", 80), message(3, "inbound", 90)],
        turns: [
          { kind: "taken", contact: 3, at: at(70), agent: "Inês", waited_seconds: 70 },
          { kind: "waiting", contact: 3, at: at(100) },
          { kind: "taken", contact: 3, at: at(120), agent: "Paul", waited_seconds: null },
          { kind: "closed", contact: 3, at: at(200), outcome: "handled" },
        ],
        read_by_agent_at: at(91),
        read_by_customer_at: at(81),
      }),
    );
    expect(followed).toEqual(fresh);
  });

  it("is the same when events come twice", () => {
    const events = [told("active", 70, "Inês"), added(message(2, "outbound", 80)), told("closed", 90, null, "handled")];
    const once = events.reduce(reduce, fromSnapshot(snapshot()));
    const twice = events.flatMap((each) => [each, each]).reduce(reduce, fromSnapshot(snapshot()));
    expect(twice).toEqual(once);
  });

  it("keeps messages in order, however they come", () => {
    const thread = [message(4, "outbound", 30), message(2, "inbound", 10), message(3, "inbound", 10)]
      .map(added)
      .reduce(reduce, fromSnapshot(snapshot()));
    expect(thread.messages.map((each) => each.id)).toEqual([1, 2, 3, 4]);
  });

  it("hears of a place only while it waits", () => {
    const place = event("place", { place: { place: 1, expected: null } });
    expect(reduce(fromSnapshot(snapshot()), place).place).toEqual({ place: 1, expected: null });
    expect([told("active", 5, "Inês"), place].reduce(reduce, fromSnapshot(snapshot())).place).toBeNull();
  });

  it("begins a new contact after the end, and ignores what is told late of an older one", () => {
    const thread = [told("closed", 10, null, "abandoned"), told("waiting", 20, null, "", 4), told("active", 30, "Inês", "", 3)].reduce(
      reduce,
      fromSnapshot(snapshot()),
    );
    expect(thread.contact).toEqual({ id: 4, state: "waiting", outcome: "", arrivedAt: Date.parse(at(20)), agent: null });
  });

  it("leaves what it does not know as it is", () => {
    const thread = fromSnapshot(snapshot());
    expect(reduce(thread, event("something.new", {}))).toBe(thread);
  });
});

it("counts the answers that the customer has not seen", () => {
  const thread: Thread = [message(2, "outbound", 10), message(3, "outbound", 20)].map(added).reduce(reduce, fromSnapshot(snapshot()));
  expect(unread(thread)).toBe(2);
  expect(unread(reduce(thread, event("read", { by: "customer", at: at(15) })))).toBe(1);
  expect(unread(null)).toBe(0);
});

it("puts what was said and who took it in one order", () => {
  const thread = [added(message(2, "outbound", 80)), told("active", 70, "Inês")].reduce(reduce, fromSnapshot(snapshot()));
  expect(entries(thread).map((each) => each.kind)).toEqual(["message", "turn", "message"]);
});
