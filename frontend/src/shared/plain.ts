/** Text without accents and capitals, so that what is typed is found however it is written. */
export function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}
