/** How conversations are grouped and ordered in the list, and which one has waited longest. */
import type { ChannelName, Work } from "./types";

export type GroupName = "live" | "email" | "task";
export interface Group {
  name: GroupName;
  work: Work[];
}

const GROUP_OF: Record<ChannelName, GroupName> = { chat: "live", voice: "live", social: "live", email: "email", task: "task" };

/** Live ones as they came, so that nothing moves under the hand; e-mails and tasks by the time they are due. */
export function groups(work: Work[]): Group[] {
  const names: GroupName[] = ["live", "email", "task"];
  return names
    .map((name) => ({
      name,
      work: work
        .filter((each) => GROUP_OF[each.contact.channel] === name)
        .sort((one, other) =>
          name === "live"
            ? compare(one.assignment.opened_at, other.assignment.opened_at) || one.contact.id - other.contact.id
            : compare(one.contact.due_at, other.contact.due_at) || one.contact.id - other.contact.id,
        ),
    }))
    .filter((group) => group.work.length > 0);
}

/** Since when the customer has been waiting for a word of ours, or null when the last word is ours. */
export function waitingSince(work: Work): string | null {
  if (work.assignment.state === "wrap_up") return null;
  const said = work.messages.filter((message) => message.kind === "inbound" || message.kind === "outbound");
  const lastOurs = said.findLastIndex((message) => message.kind === "outbound");
  return said[lastOurs + 1]?.at ?? null;
}

/** The live conversation whose customer has waited longest, else the e-mail due first. */
export function mostUrgent(work: Work[]): Work | undefined {
  const live = work.filter((each) => GROUP_OF[each.contact.channel] === "live" && waitingSince(each) !== null);
  if (live.length) return live.sort((one, other) => compare(waitingSince(one) ?? one.contact.arrived_at, waitingSince(other) ?? other.contact.arrived_at))[0];
  const rest = work.filter((each) => GROUP_OF[each.contact.channel] !== "live" && each.assignment.state === "active");
  return rest.sort((one, other) => compare(one.contact.due_at, other.contact.due_at))[0];
}

export type Urgency = "calm" | "soon" | "now";

const SOON_LIVE_S = 90;
const NOW_LIVE_S = 180;
const SOON_EMAIL_S = 15 * 60;

/** How near its limit a conversation is: live ones by their silence, the others by their due time. */
export function urgency(work: Work, now: number): Urgency {
  if (work.assignment.state === "wrap_up") return "calm";
  const since = waitingSince(work);
  if (GROUP_OF[work.contact.channel] === "live") {
    const silence = since === null ? 0 : (now - Date.parse(since)) / 1000;
    return silence >= NOW_LIVE_S ? "now" : silence >= SOON_LIVE_S ? "soon" : "calm";
  }
  if (since === null) return "calm";
  const left = (Date.parse(work.contact.due_at) - now) / 1000;
  return left <= 0 ? "now" : left <= SOON_EMAIL_S ? "soon" : "calm";
}

function compare(one: string, other: string): number {
  return Date.parse(one) - Date.parse(other);
}
