/** What is said outside the page: a system notice when its tab is hidden, and the count of what waits in the tab's title. */

/** Ask once for the right to notify, on a person's gesture; refused stays refused. */
export async function askForNotices(): Promise<NotificationPermission | "absent"> {
  if (typeof Notification === "undefined") return "absent";
  return Notification.permission === "default" ? Notification.requestPermission() : Notification.permission;
}

/** Notify if the tab is hidden; `tag` replaces the notice before it. It names brand and channel, never the customer. */
export function notify(title: string, body: string, tag: string): () => void {
  if (typeof Notification === "undefined" || Notification.permission !== "granted" || !document.hidden) return () => undefined;
  const notice = new Notification(title, { body, tag, icon: undefined, requireInteraction: false });
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
