/** A slider says its value beside itself while it is moved: its output has the unit, and a sign where it is a change. */
document.addEventListener("input", (event) => {
  const slider = event.target as HTMLInputElement;
  if (slider.type !== "range") return;
  const output = document.querySelector<HTMLOutputElement>(`output[for="${slider.id}"]`);
  if (!output) return;
  const value = slider.valueAsNumber;
  const sign = "signed" in output.dataset && value > 0 ? "+" : "";
  output.textContent = `${sign}${String(value).replace("-", "−")}${output.dataset.unit ?? ""}`;
});
