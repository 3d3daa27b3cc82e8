/** The demo's sign-in page: a click on a person fills in the form. */

export function start(): void {
  const door = document.querySelector<HTMLElement>("[data-demo-password]");
  door?.addEventListener("click", (event) => {
    const person = (event.target as Element).closest<HTMLElement>("[data-demo-person]");
    const login = document.querySelector<HTMLInputElement>("input[name=login]");
    const password = document.querySelector<HTMLInputElement>("input[name=password]");
    if (!person || !login || !password) return;
    login.value = person.dataset.demoPerson ?? "";
    password.value = door.dataset.demoPassword ?? "";
    for (const other of door.querySelectorAll("[aria-pressed]")) other.removeAttribute("aria-pressed");
    person.setAttribute("aria-pressed", "true");
    login.form?.querySelector<HTMLElement>("button[type=submit]")?.focus();
  });
}
