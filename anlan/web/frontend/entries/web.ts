// On every page: say in words when a part of the product stands still, because then the colours do too.

import { _ } from "kit/i18n";
import { live } from "kit/live";
import { one } from "../lib/dom";
import { watchPast } from "../lib/past";

const banner = one("#stopped");

const words = (part: string): string =>
  ({ engine: _("引擎停顿：新的读数暂不判断，报警不会更新。"), worker: _("工作进程停顿：颜色和时限暂不更新。") })[part] ??
  _("后台有一部分停顿，所示内容可能已旧。");

live.on("health", ({ stale }) => {
  const parts = Array.isArray(stale) ? stale : stale ? [""] : [];
  banner.hidden = parts.length === 0;
  const text = parts.map(words).join(" ");
  if (parts.length && banner.textContent !== text) banner.textContent = text;
});

watchPast();
