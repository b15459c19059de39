/** The SharedWorker in which the hub lives: each tab is a port, and a tab that dies frees its lock. */
import { Hub, type FromTab, type ToTab } from "./hub";

const hub = new Hub();

function attend(port: MessagePort): void {
  const send = (message: ToTab): void => port.postMessage(message);
  port.onmessage = ({ data }: MessageEvent<FromTab>) => {
    if (data.type === "subscribe") {
      hub.subscribe(port, data, send);
      // Granted only when the tab no longer holds it: closed, crashed or gone elsewhere.
      void navigator.locks?.request(data.lock, () => hub.leave(port));
    } else if (data.type === "retry") {
      hub.retry();
    } else if (data.type === "cut") {
      hub.cut();
    } else {
      hub.leave(port);
    }
  };
  port.start();
}

(self as unknown as { onconnect: (event: MessageEvent) => void }).onconnect = (event) => {
  const port = event.ports[0];
  if (port) attend(port);
};
