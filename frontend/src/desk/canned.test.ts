import { expect, test } from "vitest";
import { fill, insertReply, matching, slashWord } from "./canned";

const replies = [
  { shortcut: "delai", title: "Délai d’un échange", body: "Sous 24 heures, {customer}." },
  { shortcut: "retour", title: "Étiquette", body: "…" },
];
const variables = { customer: "Claire", agent: "Inês", brand: "Maison Lavande" };

test("a slash calls a reply only at the start of a line", () => {
  expect([slashWord("/dé", 3), slashWord("Bonjour\n/de", 11), slashWord("et/ou", 5), slashWord("/de lai", 7)]).toEqual(["dé", "de", null, null]);
});
test("it is found by its word or its title, accents or not", () => {
  expect([matching(replies, "dé"), matching(replies, "etiq"), matching(replies, "")].map((found) => found.length)).toEqual([1, 1, 2]);
});
test("it takes the place of the word, and the caret goes after it", () => {
  const text = "Bonjour.\n/de\nMerci";
  expect(insertReply(text, 12, replies[0] as (typeof replies)[0], variables)).toEqual({
    text: "Bonjour.\nSous 24 heures, Claire.\nMerci",
    caret: "Bonjour.\nSous 24 heures, Claire.".length,
  });
});
test("only known variables are filled in", () => expect(fill("{agent} {brand} {order}", variables)).toBe("Inês Maison Lavande {order}"));
test("a sentence closes over a name that nobody knows", () => {
  const said = ["Bonjour {customer}, je suis {agent}.", "{customer}, êtes-vous là ?", "Sous 24 heures, {customer}.", "Merci {customer} !", "Merci {customer}"];
  expect(said.map((body) => fill(body, { ...variables, customer: "" }))).toEqual([
    "Bonjour, je suis Inês.",
    "Êtes-vous là ?",
    "Sous 24 heures.",
    "Merci !",
    "Merci",
  ]);
});
