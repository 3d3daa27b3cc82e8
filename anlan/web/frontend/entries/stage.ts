// The stage looks again every second or so; an order is sent without leaving the page.

import { _ } from "kit/i18n";
import { toast } from "kit/toast";
import { all } from "../lib/dom";
import { refreshParts } from "../lib/parts";

const EVERY = 1500;

async function order(form: HTMLFormElement): Promise<void> {
  const headers = { "HX-Request": "true", Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
  if (!answer?.ok) toast(_("没有送出，请稍后再试。"), "error");
  await refreshParts(location.href);
}

for (const form of all<HTMLFormElement>(".story-acts form")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void order(form);
  });
  form.querySelector("select")?.addEventListener("change", () => void order(form));
}

window.setInterval(() => {
  if (!document.hidden) void refreshParts(location.href);
}, EVERY);
