// @vitest-environment jsdom
import { expect, test } from "vitest";
import { readyMail, recipientOf } from "./mail";
import { message, work } from "./sample";

test("remote images become words, scripts and handlers go, links leave without a trace", () => {
  const html =
    '<p onclick="x()" style="color:red" bgcolor="#fff">Bonjour <img src="https://t.example/p.gif" alt="logo"></p><script>alert(1)</script><a href="https://a.example">ici</a><style>*{}</style>';
  const { document, blockedImages } = readyMail(html, ["/mail.css"], "image");
  expect(blockedImages).toBe(1);
  expect(document).not.toMatch(/<img|<script|onclick|style=|<style|bgcolor/);
  expect(document).toContain('<span class="blocked">logo</span>');
  expect(document).toContain('rel="noopener noreferrer nofollow"');
  expect(document).toContain('<link rel="stylesheet" href="/mail.css">');
});

test("answers where the last mail from a person asks, or else the customer", () => {
  const asks = message({ address: "claire@example.org", reply_to: "office@example.org" });
  const absent = message({ id: 2, address: "claire@example.org", reply_to: "" });

  expect(recipientOf(work({ messages: [asks, absent] }))).toBe("office@example.org");
  expect(recipientOf(work({ messages: [absent] }))).toBe(work().customer.email);
});
