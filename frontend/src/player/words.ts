/** What somebody who listens to a recording reads, in French and in English. */
import type { Catalogue } from "../shared/i18n";

export const french = {
  listen: "Écouter",
  loading: "Ouverture de l’enregistrement…",
  play: "Lecture",
  pause: "Pause",
  position: "Position dans l’enregistrement",
  at: "{at} sur {length}",
  wave: "Le client en haut, {agent} en bas",
  customer: "Client",
  happened: "Ce qui s’est passé",
  goTo: "Aller à {at} : {what}",
  unreachable: "Le serveur est injoignable. Réessayez dans un instant.",
  unreadable: "Votre navigateur ne sait pas lire cet enregistrement.",
} satisfies Catalogue;

export const english: Catalogue<keyof typeof french> = {
  listen: "Listen",
  loading: "Opening the recording…",
  play: "Play",
  pause: "Pause",
  position: "Place in the recording",
  at: "{at} of {length}",
  wave: "The customer above, {agent} below",
  customer: "Customer",
  happened: "What happened",
  goTo: "Go to {at}: {what}",
  unreachable: "The server cannot be reached. Try again in a moment.",
  unreadable: "Your browser cannot read this recording.",
};

export type PlayerWords = keyof typeof french;
