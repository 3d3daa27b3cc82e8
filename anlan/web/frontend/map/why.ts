// Why this colour: the server's explanation of the chosen place beside the map, with an address that can be shared.

import { getPart, one } from "../lib/dom";

export class WhyPanel {
  place: number | null = null;
  onclose: () => void = () => undefined;
  private asked = 0;

  constructor(private readonly url: string) {
    one("#why").addEventListener("click", (event) => {
      if ((event.target as Element).closest("[data-why-close]")) this.onclose();
    });
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.place !== null) this.onclose();
    });
  }

  async show(place: number | null, at: number | null): Promise<void> {
    this.place = place;
    const turn = ++this.asked;
    this.address(place);
    if (place === null) return this.fill(null);
    const moment = at === null ? "" : `?at=${encodeURIComponent(new Date(at).toISOString())}`;
    const part = await getPart(this.url.replace("/0/", `/${place}/`) + moment);
    if (turn === this.asked && part) this.fill(part);
  }

  private fill(part: DocumentFragment | null): void {
    one("#why").replaceChildren(...(part ? [part] : []));
    one("#why").hidden = part === null;
  }

  private address(place: number | null): void {
    const url = new URL(location.href);
    if (place === null) url.searchParams.delete("place");
    else url.searchParams.set("place", String(place));
    history.replaceState(null, "", url);
  }
}
