// Send a form without leaving the page; what went wrong is said in the form, and what was written stays there.

import { _ } from "kit/i18n";
import { all, one } from "./dom";

interface Problem {
  error: { message: string; fix: string };
}

async function problemOf(answer: Response | null): Promise<string> {
  if (!answer) return _("没有送出：连不上服务器。稍后再试，已写的内容还在。");
  if (answer.ok) return "";
  const problem = (await answer.json().catch(() => null)) as Problem | null;
  return problem ? `${problem.error.message}${problem.error.fix}` : _("没有送出，请稍后再试。");
}

/** True when the server has done it. */
export async function send(form: HTMLFormElement): Promise<boolean> {
  const buttons = all<HTMLButtonElement>("button[type=submit]", form);
  for (const button of buttons) button.disabled = true;
  const headers = { "HX-Request": "true", Accept: "application/json" };
  const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers }).catch(() => null);
  for (const button of buttons) button.disabled = false;
  one(".form-problem", form).textContent = await problemOf(answer);
  return answer?.ok ?? false;
}
