/** Names of lines that lie close together stand side by side. Run by test_scripts.py in Node. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { sides } from "../../anlan/web/frontend/lib/labels";

test("limits far apart all have their names at the start", () => {
  assert.deepEqual(sides([90, 10, 50], 5), ["insideStartTop", "insideStartTop", "insideStartTop"]);
});

test("names of limits that lie close together stand side by side", () => {
  assert.deepEqual(sides([10, 12, 80, 83], 5), ["insideMiddleTop", "insideStartTop", "insideMiddleTop", "insideStartTop"]);
});

test("a third neighbour goes to the end, and every name has its place whatever comes", () => {
  assert.deepEqual(sides([1, 2, 3], 5), ["insideEndTop", "insideMiddleTop", "insideStartTop"]);
  assert.equal(sides([1, 1, 1, 1, 1], 5).length, 5);
});
