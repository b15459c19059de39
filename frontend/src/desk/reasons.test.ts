import { expect, test } from "vitest";
import { createFormat } from "../shared/format";
import { createTranslator } from "../shared/i18n";
import { whyMe } from "./reasons";
import { offer } from "./sample";
import { fr } from "./words/fr";

const say = createTranslator("fr", fr);
const format = createFormat("fr", "Europe/Paris");
const told = (changes: Parameters<typeof offer>[0] = {}): string =>
  whyMe(offer(changes), { 12: "Portugais" }, say, format)
    .map((piece) => (piece.strong ? `*${piece.text}*` : piece.text))
    .join("")
    .replace(/[\u202f\u00a0]/g, " ");

test("the agent who waited is told their skill, their wait, and the customer's", () => {
  expect(told()).toBe(
    "Portugais : vous avez le *niveau 4*, il faut 3. Vous attendez depuis *3 min 12*, le plus longtemps des *3* personnes libres. Le client patiente depuis 41 s.",
  );
});
test("alone, they are told so", () => expect(told({ free: 1 })).toContain("êtes la seule personne libre"));
test("the contact that waited is said to be the most urgent, with its due time", () => {
  expect(told({ side: "contact_waited", waiting: 5 })).toContain("le plus urgent des *5* de vos files, à prendre avant *13:00*");
});
test("a contact meant for somebody says so rather than a rank", () => {
  const { winner } = offer().reasons;
  expect(told({ winner: { ...winner, preferred: true } })).toContain("vous est destiné");
});
test("where the rule weighs what agents are worth elsewhere, nobody is told that they waited longest", () => {
  expect(told({ rule: "least_cost" })).toContain("Des *3* personnes libres, vous êtes celle dont les autres files ont le moins besoin ; vous attendez depuis *3 min 12*.");
  expect(told({ rule: "least_cost", side: "contact_waited", waiting: 5 })).toContain("des *5* contacts de vos files, c’est celui qu’il coûte le plus de faire attendre");
});
