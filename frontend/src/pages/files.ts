/** A file too large to be sent is refused where it is chosen, in words: the server would only cut the connection. */
document.addEventListener("change", (event) => {
  const chosen = event.target as HTMLInputElement;
  const most = Number(chosen.dataset.mostBytes);
  if (chosen.type !== "file" || !most) return;
  chosen.parentElement?.querySelector(".too-large")?.remove();
  if (![...(chosen.files ?? [])].some((file) => file.size > most)) return;
  chosen.value = "";
  const words = document.createElement("p");
  words.className = "field-error too-large";
  words.setAttribute("role", "alert");
  words.textContent = chosen.dataset.tooLarge ?? "";
  chosen.after(words);
});
