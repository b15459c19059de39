/** What an agent asks of the router, and what they say against its choices: asked for when wanted, never kept up to date by itself. */
import type { Api } from "../shared/api";
import type { ContestedChoice, WhyNothing, WhyNotMe } from "./types";

export class Questions {
  nothing = $state.raw<WhyNothing | null>(null);
  /** By offer, why it went to somebody else. */
  others = $state.raw<Record<string, WhyNotMe>>({});

  #api: Api;
  #try: <Answer>(act: () => Promise<Answer>) => Promise<Answer | undefined>;

  /** `attempt` says a fault in words, and answers undefined then. */
  constructor(api: Api, attempt: <Answer>(act: () => Promise<Answer>) => Promise<Answer | undefined>) {
    this.#api = api;
    this.#try = attempt;
  }

  async askWhyNothing(): Promise<void> {
    const told = await this.#try(() => this.#api.get<WhyNothing>("/desk/why"));
    if (told) this.nothing = told;
  }

  async askWhyNotMe(offer: string): Promise<void> {
    const told = await this.#try(() => this.#api.get<WhyNotMe>(`/desk/why/offers/${offer}`));
    if (told) this.others = { ...this.others, [offer]: told };
  }

  /** Whether the server has it. */
  async contest(offer: string, text: string): Promise<boolean> {
    const done = await this.#try(() => this.#api.post(`/desk/offers/${offer}/contest`, { text }).then(() => true));
    return done ?? false;
  }

  /** A contest was sent or answered: keep what is shown of it right. */
  heard(contest: ContestedChoice): void {
    if (!this.nothing) return;
    const rest = this.nothing.contests.filter((each) => each.id !== contest.id);
    this.nothing = { ...this.nothing, contests: [contest, ...rest] };
  }
}
