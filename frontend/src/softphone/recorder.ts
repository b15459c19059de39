/**
 * Records both ends of a call in the agent's page: the customer on the left, the agent on the right. It is sent in pieces of some
 * seconds while the call goes on, so that a page that dies loses the last of them at most. While it is interrupted silence is
 * recorded, so that the sound keeps step with the clock.
 */
import { Refused, Unreachable } from "../shared/api";

const PIECE_MS = 5000;
const BITS_PER_SECOND = 64_000;
const TRY_AGAIN_MS = 2000;
const GIVE_UP_MS = 100_000;
const MEDIA_TYPES = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];

export interface RecorderOptions {
  context: AudioContext;
  /** Tell the server that a take begins; answers its number. */
  begin: (mediaType: string) => Promise<number>;
  /** Keep a piece; sent again under the same number it is kept once. */
  send: (take: number, number: number, sound: Blob) => Promise<unknown>;
  /** It cannot record, or what it records is not kept. */
  onFault: () => void;
}

export class Recorder {
  #options: RecorderOptions;
  #ends: ChannelMergerNode;
  #out: MediaStreamAudioDestinationNode;
  /** Silence that never ends: a stream into which nothing flows at all would stand still, and the recording with it. */
  #silence: ConstantSourceNode;
  #sources: (MediaStreamAudioSourceNode | null)[] = [null, null];
  #recorder: MediaRecorder | null = null;
  #sending: Promise<void> = Promise.resolve();
  #number = 0;
  #open = false;
  #stopped = false;
  #failed = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#ends = options.context.createChannelMerger(2);
    this.#out = options.context.createMediaStreamDestination();
    this.#out.channelCount = 2;
    this.#ends.connect(this.#out);
    this.#silence = options.context.createConstantSource();
    this.#silence.offset.value = 0;
    for (const side of [0, 1]) this.#silence.connect(this.#ends, 0, side);
    this.#silence.start();
    void this.#start();
  }

  /** The customer's sound, null while there is none. */
  hearCustomer(stream: MediaStream | null): void {
    this.#replace(0, stream);
  }

  /** The agent's microphone. */
  hearAgent(microphone: MediaStreamTrack | null): void {
    this.#replace(1, microphone && new MediaStream([microphone]));
  }

  /** Whether sound is recorded, or silence in its place. */
  pass(open: boolean): void {
    if (open === this.#open) return;
    this.#open = open;
    this.#sources.forEach((source, side) => (open ? source?.connect(this.#ends, 0, side) : source?.disconnect()));
  }

  /** The end: what is left is sent. */
  stop(): void {
    this.#stopped = true;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    for (const source of this.#sources) source?.disconnect();
    this.#silence.stop();
    this.#ends.disconnect();
  }

  #replace(side: number, stream: MediaStream | null): void {
    this.#sources[side]?.disconnect();
    const source = stream && this.#options.context.createMediaStreamSource(stream);
    this.#sources[side] = source;
    if (this.#open) source?.connect(this.#ends, 0, side);
  }

  async #start(): Promise<void> {
    try {
      const mediaType = MEDIA_TYPES.find((each) => MediaRecorder.isTypeSupported(each));
      if (!mediaType) return this.#fail();
      const take = await this.#options.begin(mediaType);
      if (this.#stopped) return;
      const recorder = new MediaRecorder(this.#out.stream, { mimeType: mediaType, audioBitsPerSecond: BITS_PER_SECOND });
      recorder.ondataavailable = ({ data }) => data.size && this.#send(take, this.#number++, data);
      recorder.onerror = () => this.#fail();
      recorder.start(PIECE_MS);
      this.#recorder = recorder;
    } catch (fault) {
      if (fault instanceof Refused && fault.code === "no_such_call") return; // it ended meanwhile
      console.warn("Homeshore: the call is not recorded", fault);
      this.#fail();
    }
  }

  /** One after another; a piece that cannot be sent now is sent again, and those after it wait. */
  #send(take: number, number: number, sound: Blob): void {
    const since = Date.now();
    this.#sending = this.#sending.then(async () => {
      while (!this.#failed) {
        try {
          await this.#options.send(take, number, sound);
          return;
        } catch (fault) {
          if (!(fault instanceof Unreachable) || Date.now() - since > GIVE_UP_MS) {
            console.warn("Homeshore: a piece of the recording is not kept", fault);
            return this.#fail();
          }
          await new Promise((resume) => setTimeout(resume, TRY_AGAIN_MS));
        }
      }
    });
  }

  #fail(): void {
    this.#failed = true;
    if (this.#recorder?.state === "recording") this.#recorder.stop();
    if (!this.#stopped) this.#options.onFault();
  }
}
