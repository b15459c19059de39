/** What is said outside the page: a system notice when its tab is hidden, and the count of what waits in the tab's title. */

/** Some browsers (Chrome on Android) allow notices to pages that cannot make them: only trying tells. */
let impossible = false;

/** Whether notices can be shown: "absent" where the browser has none for pages. */
export function noticePermission(): NotificationPermission | "absent" {
  return impossible || typeof Notification === "undefined" ? "absent" : Notification.permission;
}

function make(title: string, options?: NotificationOptions): Notification | undefined {
  try {
    return new Notification(title, options);
  } catch {
    impossible = true;
    return undefined;
  }
}

/** Ask once for the right to notify, on a person's gesture; refused stays refused. */
export async function askForNotices(): Promise<NotificationPermission | "absent"> {
  if (noticePermission() === "default" && (await Notification.requestPermission()) === "granted") make(document.title)?.close();
  return noticePermission();
}

/** Notify if the tab is hidden; `tag` replaces the notice before it. It names brand and channel, never the customer. */
export function notify(title: string, body: string, tag: string): () => void {
  if (noticePermission() !== "granted" || !document.hidden) return () => undefined;
  const notice = make(title, { body, tag, requireInteraction: false });
  if (!notice) return () => undefined;
  notice.onclick = () => {
    window.focus();
    notice.close();
  };
  return () => notice.close();
}

let bareTitle: string | undefined;

/** Put the count of what waits before the tab's title. */
export function countInTitle(waiting: number): void {
  bareTitle ??= document.title;
  document.title = waiting > 0 ? `(${waiting}) ${bareTitle}` : bareTitle;
}
