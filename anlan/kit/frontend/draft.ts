// What somebody typed into `<form data-draft="key">` is kept in this browser until the form was sent, and put back when
// they return. Files, passwords and hidden fields are not kept. `data-answered`: the server has just answered the form
// with what was typed, so nothing is put back over it.

const PREFIX = "draft:";
const KEPT_MS = 7 * 86_400_000;

type Fields = Record<string, string[]>;
interface Draft { at: number; fields: Fields }

const person = (): string => document.querySelector<HTMLElement>("meta[name='anlan-live']")?.dataset["person"] ?? "0";
const keyOf = (form: HTMLFormElement): string => `${PREFIX}${person()}:${form.dataset["draft"] ?? ""}`;

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;
const SECRET = ["hidden", "password", "file", "submit", "button"];
const controls = (form: HTMLFormElement): Control[] =>
  [...form.querySelectorAll<Control>("input[name], select[name], textarea[name]")].filter((one) => !SECRET.includes(one.type));

const ticked = (one: Control): one is HTMLInputElement => one instanceof HTMLInputElement && ["checkbox", "radio"].includes(one.type);

/** What a control holds now, and what it held when the page came: its text, or whether it is ticked. */
type Held = string | boolean;
const held = (one: Control): Held => (ticked(one) ? one.checked : one.value);
const sent = (one: Control): Held => {
  if (ticked(one)) return one.defaultChecked;
  if (!(one instanceof HTMLSelectElement)) return one.defaultValue;
  return ([...one.options].find((option) => option.defaultSelected) ?? one.options[0])?.value ?? "";
};

function read(form: HTMLFormElement, what: (one: Control) => Held = held): Fields {
  const found: Fields = {};
  for (const one of controls(form)) {
    const [values, value] = [(found[one.name] ??= []), what(one)];
    if (value !== false) values.push(value === true ? one.value : value);
  }
  return found;
}

function write(those: Control[], fields: Fields): void {
  for (const one of those) {
    const values = fields[one.name];
    if (!values) continue;
    if (ticked(one)) one.checked = values.includes(one.value);
    else if (values[0] !== undefined) one.value = values[0];
  }
}

function stored(key: string): Draft | null {
  try {
    const draft = JSON.parse(localStorage.getItem(key) ?? "null") as Draft | null;
    return draft && Date.now() - draft.at < KEPT_MS ? draft : null;
  } catch {
    return null;
  }
}

function keep(key: string, fields: Fields): void {
  try {
    localStorage.setItem(key, JSON.stringify({ at: Date.now(), fields }));
  } catch {
    // no room or not allowed: the form still works
  }
}

/** Keep what is typed into a form, also before this script had come, and put back what was. */
export function keepDraft(form: HTMLFormElement): void {
  const key = keyOf(form);
  const fresh = read(form, sent);
  const untouched = controls(form).filter((one) => held(one) === sent(one));
  const note = form.querySelector<HTMLElement>("[data-draft-note]");
  const draft = form.dataset["answered"] === undefined ? stored(key) : null;
  if (draft && JSON.stringify(draft.fields) !== JSON.stringify(fresh)) {
    write(untouched, draft.fields);
    if (note) note.hidden = false;
  }
  if (untouched.length < controls(form).length) keep(key, read(form));
  form.querySelector("[data-draft-drop]")?.addEventListener("click", () => {
    localStorage.removeItem(key);
    write(controls(form), fresh);
    if (note) note.hidden = true;
  });
  form.addEventListener("input", () => keep(key, read(form)));
  form.addEventListener("submit", () => localStorage.removeItem(key));
}
