/** Words for moments, messages and trends. Run by test_scripts.py in Node. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { _ } from "kit/i18n";
import { path } from "kit/spark";
import { exact, relative, remaining, short } from "kit/time";

const NOW = Date.parse("2026-11-21T03:00:00+08:00");
const S = 1000;
const MIN = 60 * S;
const H = 60 * MIN;

test("moments are told as people tell them, as on the server", () => {
  const told: [number, string][] = [
    [NOW - 4 * S, "刚刚"], [NOW - 40 * S, "40 秒前"], [NOW - 3 * MIN, "3 分钟前"], [NOW - 5 * H, "5 小时前"],
    [NOW - 25 * H, "1 天前"], [NOW - 72 * H, "11-18 03:00"], [NOW - 400 * 24 * H, "2025-10-17 03:00"], [NOW + 90 * MIN, "1 小时 30 分后"],
  ];
  told.forEach(([moment, words]) => assert.equal(relative(moment, NOW), words));
});

test("a deadline counts down and says by how much it was missed", () => {
  assert.equal(remaining(NOW + 4 * MIN, NOW), "还剩 4 分钟");
  assert.equal(remaining(NOW - 125 * S, NOW), "已超 2 分钟");
});

test("times are local, whatever the zone of the machine", () => {
  assert.equal(exact(NOW), "2026-11-21 03:00:00");
  assert.equal(short(NOW, NOW), "11-21 03:00");
});

test("messages come in the language of the page, names filled in", () => {
  assert.equal(_("{n} 分钟", { n: 3 }), "3 分钟");
  globalThis.anlanCatalogue = { "{n} 分钟": "{n} min" };
  assert.equal(_("{n} 分钟", { n: 3 }), "3 min");
  assert.equal(_("没有的话"), "没有的话");
  delete globalThis.anlanCatalogue;
});

test("gaps in a trend stay gaps", () => {
  assert.equal(path([1, 2, null, 2, 1], 1, 2), "M0.0 26.0L30.0 2.0M90.0 2.0L120.0 26.0");
});
