/** Which of a brand's articles speaks of what a customer writes. */
import { plain } from "../shared/plain";

export interface Readable {
  title: string;
  body: string;
}

const SHORTEST = 4;
const STEM = 6;
/** A word of the title tells more of an article than one of its text. */
const OF_TITLE = 2;

/**
 * Those articles first that share most with the words of the customer, a word counting the more the fewer articles have it (inverse
 * document frequency); without a word in common they keep their order. Words are compared without accents and endings.
 */
export function mostRelevantFirst<Kind extends Readable>(articles: Kind[], written: string): Kind[] {
  const asked = stems(written);
  const known = articles.map((article) => ({ article, title: stems(article.title), all: stems(`${article.title} ${article.body}`) }));
  const weight = (stem: string): number => Math.log(1 + known.length / known.filter(({ all }) => all.has(stem)).length);
  const scored = known.map(({ article, title, all }) => {
    const shared = [...asked].filter((stem) => all.has(stem));
    return { article, score: shared.reduce((sum, stem) => sum + weight(stem) * (title.has(stem) ? OF_TITLE : 1), 0) };
  });
  return scored.sort((one, other) => other.score - one.score).map(({ article }) => article);
}

function stems(text: string): Set<string> {
  const words = plain(text).match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => word.length >= SHORTEST || /\d/.test(word)).map((word) => word.replace(/[sx]$/, "").slice(0, STEM)));
}
