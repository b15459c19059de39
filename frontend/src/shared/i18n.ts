/** Words of the islands: catalogues of messages by key, the same keys in every language. */
import { frenchSpacing, type Language } from "./format";

/** A sentence with `{places}`, or its forms by number (chosen by the place `n`). `*Stars*` mark what is said in bold. */
export type Message = string | { one: string; other: string };
export type Catalogue<Key extends string = string> = Record<Key, Message>;
export type Values = Record<string, string | number>;

export interface Piece {
  text: string;
  strong: boolean;
}

export interface Translator<Key extends string> {
  language: Language;
  /** The message as plain text. */
  (key: Key, values?: Values): string;
  /** The message in pieces, those between stars being strong. Values are never read as marks. */
  rich(key: Key, values?: Values): Piece[];
}

/** A translator over a catalogue; asking for a key it lacks is a fault of the program and says so. */
export function createTranslator<Key extends string>(language: Language, catalogue: Catalogue<Key>): Translator<Key> {
  const plural = new Intl.PluralRules(language);
  const spaced = (text: string): string => (language === "fr" ? frenchSpacing(text) : text);

  function sentence(key: Key, values: Values): string {
    const message = catalogue[key];
    if (message === undefined) throw new Error(`No message "${key}" in ${language}`);
    if (typeof message === "string") return spaced(message);
    return spaced(plural.select(Number(values.n)) === "one" ? message.one : message.other);
  }
  const filled = (text: string, values: Values): string =>
    text.replace(/\{(\w+)\}/g, (place, name: string) => String(values[name] ?? place));

  const translate = (key: Key, values: Values = {}): string => filled(sentence(key, values).replaceAll("*", ""), values);
  translate.language = language;
  translate.rich = (key: Key, values: Values = {}): Piece[] =>
    sentence(key, values)
      .split("*")
      .map((text, index) => ({ text: filled(text, values), strong: index % 2 === 1 }))
      .filter((piece) => piece.text !== "");
  return translate;
}

/** Names of the places in a message, for the test that compares languages. */
export function places(message: Message): string[] {
  const text = typeof message === "string" ? message : `${message.one} ${message.other}`;
  return [...new Set([...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1] as string))].sort();
}
