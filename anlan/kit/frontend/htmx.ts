/** htmx with this product's ways: refusals are said in words, questions are asked in our dialog. */

import htmx from "htmx.org";
import { ask } from "kit/ask";
import { _ } from "kit/i18n";
import { toast } from "kit/toast";

interface Refusal { error?: { message?: string; fix?: string } }

function said(text: string): string {
  try {
    const { error } = JSON.parse(text) as Refusal;
    return [error?.message, error?.fix].filter(Boolean).join(" ");
  } catch {
    return "";
  }
}

document.addEventListener("htmx:responseError", (event) => {
  const { xhr } = (event as CustomEvent<{ xhr: XMLHttpRequest }>).detail;
  toast(said(xhr.responseText) || _("没有成功（{status}）。请再试一次；仍不行，请联系系统管理员。", { status: xhr.status }), "error");
});
document.addEventListener("htmx:sendError", () => toast(_("连不上服务器，操作没有送出。请检查网络后再试。"), "error"));
document.addEventListener("htmx:confirm", (event) => {
  const { question, issueRequest } = (event as CustomEvent<{ question: string | null; issueRequest: (skip: boolean) => void }>).detail;
  if (!question) return;
  event.preventDefault();
  void ask({ text: question }).then((yes) => yes && issueRequest(true));
});

export { htmx };
