/** Calls that the agent places: what is asked of the house, and why it says no. */
import { Refused, type Api } from "../shared/api";

export const PURPOSES = ["service", "callback", "survey", "collection", "canvassing"] as const;
export type Purpose = (typeof PURPOSES)[number];
export type Said = "refused" | "opposed";

/** Whom to call and what for; `contact` is one in hand whose customer it is. */
export interface Errand {
  number: string;
  purpose: Purpose;
  about_contract: boolean;
  queue?: number;
  contact?: number;
}

export class Dialling {
  /** Whether the house can call a number at all. */
  places = $state(false);
  busy = $state(false);
  /** Why the last call was not placed: the rule of the gate, or what else stands against it. */
  refusal: string | null = $state(null);

  #api: Api;
  #complain: (fault: unknown) => void;

  constructor(api: Api, complain: (fault: unknown) => void) {
    this.#api = api;
    this.#complain = complain;
  }

  /** The contact in which the call is; null when it was not placed, and `refusal` then says why. */
  async call(errand: Errand): Promise<number | null> {
    return this.#place("/desk/calls/out", errand);
  }

  /** Call who asked to be called back. */
  async callBack(contact: number): Promise<number | null> {
    return this.#place(`/desk/calls/back/${contact}`, {});
  }

  /** What the customer said of being called. */
  async said(call: number, result: Said): Promise<boolean> {
    try {
      await this.#api.post(`/desk/calls/${call}/result`, { result });
      return true;
    } catch (fault) {
      this.#complain(fault);
      return false;
    }
  }

  /** The customer has been told that the call may be recorded or listened to, and does not mind; or refuses. */
  async told(call: number, agreed: boolean): Promise<void> {
    await this.#api.post(`/desk/calls/${call}/told`, { agreed }).catch(this.#complain);
  }

  async #place(path: string, body: object): Promise<number | null> {
    if (this.busy) return null;
    this.busy = true;
    this.refusal = null;
    try {
      const answer = await this.#api.post<{ contact: number | null; not_called: string }>(path, body);
      this.refusal = answer.not_called || null;
      return answer.contact;
    } catch (fault) {
      if (fault instanceof Refused) this.refusal = Object.values(fault.fields)[0] ?? fault.message;
      else this.#complain(fault);
      return null;
    } finally {
      this.busy = false;
    }
  }
}
