/** Which microphone, earphones and ringing device this browser uses for calls: chosen once, kept here. */

export interface ChosenDevices {
  /** Ids of devices as the browser names them; empty for the system's own choice. */
  microphone: string;
  speaker: string;
  ringer: string;
}

export interface Device {
  id: string;
  label: string;
}

const KEPT = "homeshore-devices";
const DEFAULTS: ChosenDevices = { microphone: "", speaker: "", ringer: "" };

export function chosenDevices(): ChosenDevices {
  try {
    return { ...DEFAULTS, ...(JSON.parse(localStorage.getItem(KEPT) ?? "{}") as Partial<ChosenDevices>) };
  } catch {
    return DEFAULTS;
  }
}

export function keepDevices(devices: ChosenDevices): void {
  localStorage.setItem(KEPT, JSON.stringify(devices));
}

/** What there is, once the microphone has been allowed; the browser hides names before. */
export async function knownDevices(): Promise<{ inputs: Device[]; outputs: Device[] }> {
  const found = await navigator.mediaDevices.enumerateDevices();
  const of = (kind: MediaDeviceKind): Device[] =>
    found.filter((each) => each.kind === kind && each.deviceId && each.deviceId !== "default" && each.deviceId !== "communications")
      .map((each) => ({ id: each.deviceId, label: each.label }));
  return { inputs: of("audioinput"), outputs: of("audiooutput") };
}

/** Send what an element or a context plays to a device, where the browser can (Firefox and Chromium); else the system's own. */
export async function playOn(player: HTMLAudioElement | AudioContext, device: string): Promise<void> {
  const able = player as { setSinkId?: (device: string) => Promise<void> };
  try {
    await able.setSinkId?.(device);
  } catch {
    await able.setSinkId?.(""); // it has been unplugged
  }
}
