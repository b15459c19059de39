/** What needs someone: now (coral) or soon (amber), the most urgent first, each with what can be done about it. Pure. */
import type { AgentFigures, QueueFigures } from "./figures";
import type { FloorState } from "./state";
import type { Agent, Call, Contact, Queue, WeakLine } from "./types";

const SOON = 0.7; // of the target
const MAIL_SOON_MS = 30 * 60_000;
const SHOWN = 6;

export type Alert = { id: string; tone: "coral" | "amber"; weight: number } & (
  | { kind: "waits"; contact: Contact; queue: Queue; count: number; free: number }
  | { kind: "hand"; agent: Agent; call: Call }
  | { kind: "lost"; agent: Agent; contacts: Contact[] }
  | { kind: "no_answer"; agent: Agent }
  | { kind: "weak_line"; agent: Agent; line: WeakLine }
  | { kind: "mails_due"; queue: Queue; count: number; by: number; contact: Contact }
  | { kind: "nobody"; queue: Queue }
  | { kind: "unmet"; queue: Queue; count: number }
  | { kind: "gap"; queue: Queue; count: number }
  | { kind: "contests"; count: number }
  | { kind: "choices"; count: number }
  | { kind: "set_aside"; count: number }
  | { kind: "undelivered"; count: number }
);

export function alerts(state: FloorState, queues: QueueFigures[], agents: AgentFigures[], now: number): Alert[] {
  const found: Alert[] = [];
  for (const figures of queues) found.push(...ofQueue(figures, now));
  for (const { agent, standing, work, call } of agents) {
    if (call?.hand_raised_at) found.push({ id: `hand-${call.id}`, kind: "hand", tone: "coral", weight: 6, agent, call });
    const held = work.filter((each) => each.state === "active").map((each) => state.contacts.get(each.contact));
    const contacts = held.filter((each): each is Contact => each !== undefined);
    if (standing === "lost" && contacts.length) {
      found.push({ id: `lost-${agent.id}`, kind: "lost", tone: "coral", weight: 5, agent, contacts });
    }
    if (standing === "break" && agent.reason === "no_answer") {
      found.push({ id: `rest-${agent.id}`, kind: "no_answer", tone: "amber", weight: 0.6, agent });
    }
    if (agent.line && standing !== "offline") {
      found.push({ id: `line-${agent.id}`, kind: "weak_line", tone: "amber", weight: 0.55, agent, line: agent.line });
    }
  }
  for (const [id, count] of state.gaps) {
    const queue = state.queues.get(id);
    if (queue) found.push({ id: `gap-${id}`, kind: "gap", tone: "amber", weight: 0.5, queue, count });
  }
  const counted = { contests: state.contests.size, choices: state.choices.size, set_aside: state.setAside, undelivered: state.undelivered } as const;
  for (const kind of ["undelivered", "set_aside", "choices", "contests"] as const) {
    if (counted[kind]) found.push({ id: kind, kind, tone: "amber", weight: 0.4, count: counted[kind] });
  }
  return found.sort((one, other) => tone(one) - tone(other) || other.weight - one.weight).slice(0, SHOWN);
}

function tone(alert: Alert): number {
  return alert.tone === "coral" ? 0 : 1;
}

function ofQueue(figures: QueueFigures, now: number): Alert[] {
  const { queue, waiting, free, staffed, oldest } = figures;
  const first = waiting[0];
  if (!first || oldest === null) return [];
  const id = `queue-${queue.id}`;
  if (queue.unmet.length) return [{ id, kind: "unmet", tone: "coral", weight: 4, queue, count: waiting.length }];
  const target = queue.target_seconds * 1000;
  const share = (now - oldest) / target;
  if (target >= MAIL_SOON_MS * 2) {
    const due = waiting.filter((each) => Date.parse(each.arrived_at) + target - now < MAIL_SOON_MS);
    if (due.length === 0) return [];
    const late = oldest + target <= now;
    return [{ id, kind: "mails_due", tone: late ? "coral" : "amber", weight: share, queue, count: due.length, by: oldest + target, contact: first }];
  }
  if (share >= 1) return [{ id, kind: "waits", tone: "coral", weight: share, contact: first, queue, count: waiting.length, free }];
  if (staffed === 0) return [{ id, kind: "nobody", tone: "coral", weight: 1, queue }];
  if (share >= SOON) return [{ id, kind: "waits", tone: "amber", weight: share, contact: first, queue, count: waiting.length, free }];
  return [];
}
