import { expect, test } from "vitest";
import { SseReader } from "./sse";

test("an event is given once it is whole, wherever the text is cut", () => {
  const text = 'id: 0.7\ntopics: agent:7 floor:1\nevent: message.added\ndata: {"a":\ndata: 1}\n\n: heartbeat\n\ntopics: agent:7\nevent: typing\ndata: {"who":"Claire"}\n\n';
  const whole = new SseReader().read(text);
  const reader = new SseReader();
  const cut = [...text].flatMap((sign) => reader.read(sign));
  expect(whole).toEqual([
    { id: "0.7", topics: ["agent:7", "floor:1"], kind: "message.added", data: { a: 1 } },
    { id: null, topics: ["agent:7"], kind: "typing", data: { who: "Claire" } },
  ]);
  expect(cut).toEqual(whole);
});
test("lines may end as on other systems", () => {
  expect(new SseReader().read("data: 1\r\n\r\n")).toEqual([{ id: null, topics: [], kind: "message", data: 1 }]);
});
