/** The bar's navigation: what does not fit into one row is left to "more", and the bar says when the open page is there. */

function fit(nav: HTMLElement): void {
  const row = nav.querySelector<HTMLElement>(".nav-row");
  if (!row) return;
  const links = [...row.querySelectorAll<HTMLElement>("a")];
  const top = links[0]?.offsetTop ?? 0;
  for (const link of links) link.classList.toggle("is-over", link.offsetTop > top);
  const hidden = links.some((link) => link.ariaCurrent && (link.classList.contains("is-over") || !link.checkVisibility()));
  nav.querySelector(".nav-more")?.classList.toggle("is-here", hidden);
}

export function start(): void {
  const nav = document.querySelector<HTMLElement>("[data-nav]");
  if (!nav) return;
  new ResizeObserver(() => fit(nav)).observe(nav);
  fit(nav);
}
