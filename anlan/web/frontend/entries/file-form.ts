// A form of an enterprise's file: a draft is kept, and what is wrong is shown first.

import { keepDraft } from "kit/draft";
import { all } from "../lib/dom";

for (const form of all<HTMLFormElement>("form[data-draft]")) keepDraft(form);
document.querySelector<HTMLElement>("[data-wrong]")?.focus();
