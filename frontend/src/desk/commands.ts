/** Everything one can do on the desk by name or by key. */
import { isSupervisor } from "../softphone/mix";
import type { Desk } from "./desk.svelte";
import type { DeskKey } from "./words/fr";

export const DEFAULT_KEYS = {
  accept: "F8",
  decline: "F9",
  urgent: "F2",
  presence: "F4",
  previous: "Alt+ArrowUp",
  next: "Alt+ArrowDown",
  transfer: "Alt+T",
  close: "Alt+C",
  note: "Alt+N",
  mute: "Alt+M",
  hold: "Alt+G",
  pauseRecording: "Alt+R",
  raiseHand: "Alt+H",
  consult: "Alt+A",
  letJoin: "Alt+J",
  handOver: "Alt+P",
  takeBack: "Alt+B",
  hangUp: "Alt+X",
  dial: "Alt+D",
  send: "Ctrl+Enter",
  palette: "Ctrl+K",
} as const;

export type CommandName = keyof typeof DEFAULT_KEYS;

export interface Command {
  name: string;
  label: DeskKey;
  icon: string;
  key?: CommandName;
  /** Whether it has something to do now. */
  ready: boolean;
  run: () => void;
}

/** The commands of this instant; what cannot be done now says so by `ready`. */
export function commands(desk: Desk): Command[] {
  const { offer, current } = desk;
  const active = current?.assignment.state === "active" && !desk.isLost;
  const state = desk.state?.presence.state;
  const online = !desk.isLost;
  const phone = desk.phone;
  const call = phone?.current ?? null;
  const asked = phone?.consultation.rings ? phone.consultation : null;
  const consulted = call?.companions.find((each) => !isSupervisor(each));
  const answered = consulted !== undefined && consulted.part !== "asked";
  const untold = (call?.placed?.untold.length ?? 0) > 0;
  const talking = call?.state === "talking" || call?.state === "held";
  return [
    { name: "accept", label: "command.accept", icon: "check", key: "accept", ready: online && (offer !== undefined || asked !== null), run: () => void (offer ? desk.accept(offer) : asked?.answer()) },
    { name: "decline", label: "command.decline", icon: "x", key: "decline", ready: online && (offer !== undefined || asked !== null), run: () => void (offer ? desk.decline(offer) : asked?.leave()) },
    { name: "urgent", label: "command.urgent", icon: "clock", key: "urgent", ready: desk.work.length > 0, run: () => void desk.showMostUrgent() },
    { name: "next", label: "command.next", icon: "down", key: "next", ready: desk.work.length > 1, run: () => void desk.step(1) },
    { name: "previous", label: "command.previous", icon: "up", key: "previous", ready: desk.work.length > 1, run: () => void desk.step(-1) },
    { name: "transfer", label: "command.transfer", icon: "transfer", key: "transfer", ready: active, run: () => (desk.surface = "transfer") },
    { name: "close", label: "command.close", icon: "close", key: "close", ready: active, run: () => (desk.surface = "close") },
    { name: "note", label: "command.note", icon: "lock", key: "note", ready: current !== undefined, run: () => document.dispatchEvent(new CustomEvent("desk:note")) },
    { name: "mute", label: "command.mute", icon: "mic", key: "mute", ready: talking || (phone?.consultation.about ?? null) !== null, run: () => phone?.toggleMute() },
    { name: "hold", label: "command.hold", icon: "hold", key: "hold", ready: talking, run: () => void phone?.hold(call?.state !== "held") },
    { name: "pauseRecording", label: "command.pauseRecording", icon: "pause", key: "pauseRecording", ready: talking && (untold || ["on", "paused"].includes(call?.recording?.state ?? "")), run: () => void (untold ? phone?.dialling.told(call?.id ?? 0, true) : phone?.pauseRecording(!call?.recording?.pauses.includes("agent"))) },
    { name: "raiseHand", label: "command.raiseHand", icon: "hand", key: "raiseHand", ready: talking && call?.companions.length === 0, run: () => void phone?.raiseHand(call?.hand_raised_at === null) },
    { name: "consult", label: "command.consult", icon: "users", key: "consult", ready: talking && !consulted, run: () => (desk.surface = "consult") },
    { name: "letJoin", label: "command.letJoin", icon: "users", key: "letJoin", ready: answered && !(consulted.part === "join" && call?.state === "talking"), run: () => void phone?.consultation.letJoin() },
    { name: "handOver", label: "command.handOver", icon: "transfer", key: "handOver", ready: answered, run: () => void phone?.consultation.handOver() },
    { name: "takeBack", label: "command.takeBack", icon: "left", key: "takeBack", ready: consulted !== undefined, run: () => void phone?.consultation.takeBack() },
    { name: "hangUp", label: "command.hangUp", icon: "hang-up", key: "hangUp", ready: call !== null && call.state !== "ringing", run: () => void phone?.hangUp() },
    { name: "dial", label: "command.dial", icon: "voice", key: "dial", ready: online && (phone?.dialling.places ?? false) && call === null, run: () => (desk.surface = "dialAny") },
    { name: "presence", label: "command.presence", icon: "user", key: "presence", ready: online, run: () => (desk.surface = desk.surface === "presence" ? null : "presence") },
    { name: "ready", label: "command.ready", icon: "check", ready: online && state !== "ready", run: () => void desk.setPresence("ready") },
    { name: "break", label: "command.break", icon: "cup", ready: online && state !== "break", run: () => void desk.setPresence("break", "pause") },
    { name: "offline", label: "command.offline", icon: "exit", ready: online && state !== "offline", run: () => void desk.setPresence("offline") },
    { name: "why", label: "command.why", icon: "info", ready: online, run: () => (desk.surface = "why") },
    { name: "settings", label: "command.settings", icon: "key", ready: true, run: () => (desk.surface = "settings") },
    { name: "palette", label: "command.palette", icon: "search", key: "palette", ready: true, run: () => (desk.surface = "palette") },
  ];
}

/** Run a command by its name; answers whether there was something to do. */
export function runCommand(desk: Desk, name: string): boolean {
  const command = commands(desk).find((each) => each.name === name);
  if (!command?.ready) return false;
  command.run();
  return true;
}
