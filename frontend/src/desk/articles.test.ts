import { expect, test } from "vitest";
import { mostRelevantFirst } from "./articles";

const LAMP = { title: "Lampe Solal", body: "Le clignotement vient du variateur. Proposer la pièce 204, envoyée gratuitement." };
const PLAID = { title: "Plaids Ardèche, lot 11-26", body: "Étiquettes M et L inversées. Échange sans frais ni retour préalable." };
const RETURNS = { title: "Retours", body: "Un plaid ou une lampe se rend sous trente jours, sans frais." };

const titles = (written: string): string[] => mostRelevantFirst([LAMP, PLAID, RETURNS], written).map(({ title }) => title);

test("the article that speaks of what the customer writes comes first, whatever the accents and endings", () => {
  expect(titles("Bonjour, l’etiquette de mon PLAID dit M, mais c’est un L")[0]).toBe(PLAID.title);
  expect(titles("elle clignote tout le temps")[0]).toBe(LAMP.title);
});

test("a word of the title tells more than one of the text", () => {
  expect(titles("puis-je faire un retour ?")).toEqual([RETURNS.title, PLAID.title, LAMP.title]);
});

test("without a word in common the order stays", () => {
  expect(titles("")).toEqual([LAMP.title, PLAID.title, RETURNS.title]);
  expect(titles("Bonjour !")).toEqual([LAMP.title, PLAID.title, RETURNS.title]);
});

test("numbers are words, however short", () => {
  expect(titles("il me faut la 204")[0]).toBe(LAMP.title);
  expect(titles("lot 11-26 reçu hier")[0]).toBe(PLAID.title);
});
