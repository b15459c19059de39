/** Buttons that copy a text of the page: data-copy names the element, data-copied is what is said once it is done. */
document.addEventListener("click", (event) => {
  const button = (event.target as Element).closest<HTMLButtonElement>("button[data-copy]");
  const source = button && document.getElementById(button.dataset.copy ?? "");
  if (!button || !source) return;
  const said = document.getElementById(`${source.id}-copied`);
  void navigator.clipboard.writeText(source.textContent ?? "").then(
    () => said && (said.textContent = button.dataset.copied ?? ""),
    () => getSelection()?.selectAllChildren(source), // without leave to copy, the text is at least chosen
  );
});
