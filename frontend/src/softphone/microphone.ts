/** The microphone of a page: asked for once, changed at will, silent when muted, given back at the end. */

export type MicrophoneFault = "refused" | "missing" | "busy" | "insecure";

export class NoMicrophone extends Error {
  constructor(readonly why: MicrophoneFault) {
    super(why);
  }
}

const NAMES: Record<string, MicrophoneFault> = {
  NotAllowedError: "refused",
  SecurityError: "refused",
  NotFoundError: "missing",
  OverconstrainedError: "missing",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** A track of the microphone, with the browser's echo cancellation and noise suppression. Raises NoMicrophone. */
export async function openMicrophone(device?: string | null): Promise<MediaStreamTrack> {
  const media = (navigator as { mediaDevices?: MediaDevices }).mediaDevices;
  if (!media) throw new NoMicrophone("insecure");
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    const stream = await media.getUserMedia({ audio: device ? { ...wanted, deviceId: { ideal: device } } : wanted });
    return stream.getAudioTracks()[0] as MediaStreamTrack;
  } catch (fault) {
    throw new NoMicrophone(NAMES[(fault as Error).name] ?? "busy");
  }
}

/** Whether asking for the microphone would disturb nobody: the person has allowed it here before. */
export async function isMicrophoneAllowed(): Promise<boolean> {
  try {
    return (await navigator.permissions.query({ name: "microphone" as PermissionName })).state === "granted";
  } catch {
    return false;
  }
}
