/** What the browser tells of a home, and what it leaves to be asked. */

export type Headset = "wired" | "bluetooth" | "none" | "";
export type Connection = "wired" | "wifi" | "mobile" | "";

const BLUETOOTH = /bluetooth|airpods|buds|wireless|sans fil/i;
const HEADSET = /headset|headphone|casque|écouteur|earphone|jabra|plantronics|poly\b|sennheiser|epos|logitech|h\d{3,}/i;

/** What the name of a microphone suggests; "" when it suggests nothing. */
export function headsetBy(label: string): Headset {
  if (BLUETOOTH.test(label)) return "bluetooth";
  return HEADSET.test(label) ? "wired" : "";
}

/** What the browser says of the connection (few do); "" when it must be asked. */
export function connectionBy(type: string | undefined): Connection {
  if (type === "ethernet") return "wired";
  if (type === "wifi") return "wifi";
  return type === "cellular" ? "mobile" : "";
}

export function connectionOfBrowser(): Connection {
  return connectionBy((navigator as { connection?: { type?: string } }).connection?.type);
}

/** The browser and its version in short, out of what it calls itself. */
export function browserName(agent: string): string {
  for (const [pattern, name] of [
    [/Edg\/(\d+)/, "Edge"],
    [/Firefox\/(\d+)/, "Firefox"],
    [/Chrome\/(\d+)/, "Chrome"],
    [/Version\/(\d+).*Safari/, "Safari"],
  ] as const) {
    const found = pattern.exec(agent);
    if (found) return `${name} ${found[1]}`;
  }
  return agent.slice(0, 60);
}
