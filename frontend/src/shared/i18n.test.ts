import { expect, test } from "vitest";
import { createTranslator, places } from "./i18n";

const translate = createTranslator("fr", { wait: { one: "*{n}* personne attend", other: "*{n}* personnes attendent" }, hello: "Bonjour {name} !" });

test("the number chooses the form", () => {
  expect([0, 1, 2].map((n) => translate("wait", { n }))).toEqual(["0 personne attend", "1 personne attend", "2 personnes attendent"]);
});
test("stars mark what is strong, and a star in a value marks nothing", () => {
  expect(translate.rich("wait", { n: "2*" as unknown as number })).toEqual([
    { text: "2*", strong: true },
    { text: " personnes attendent", strong: false },
  ]);
});
test("French spacing comes with the words", () => expect(translate("hello", { name: "Inês" })).toBe("Bonjour Inês\u202f!"));
test("an unknown key is said at once", () => {
  expect(() => translate("nothing" as "hello")).toThrow('No message "nothing" in fr');
});
test("places of all forms are listed", () => expect(places({ one: "{a}", other: "{b} {a}" })).toEqual(["a", "b"]));
