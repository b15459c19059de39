// @vitest-environment jsdom
import { expect, test } from "vitest";
import { readyMail } from "./mail";

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
