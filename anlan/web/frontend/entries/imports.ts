/** Handing in a file: how far it has come is shown with a number; what is wrong with it is said in the form. */

import { _ } from "kit/i18n";
import { one } from "../lib/dom";

const form = document.querySelector<HTMLFormElement>("form[data-upload]");

function show(bar: HTMLElement, done: number, total: number): void {
  bar.hidden = false;
  const progress = one<HTMLProgressElement>("progress", bar);
  progress.max = total;
  progress.value = done;
  const megabytes = (bytes: number) => (bytes / 2 ** 20).toFixed(1);
  one(".num", bar).textContent = `${megabytes(done)} / ${megabytes(total)} MB · ${Math.floor((100 * done) / total)} %`;
}

function upload(root: HTMLFormElement): void {
  const bar = one("[data-upload-progress]", root);
  const button = one<HTMLButtonElement>("button[type=submit]", root);
  const request = new XMLHttpRequest();
  const failed = () => {
    bar.hidden = true;
    button.disabled = false;
    one(".form-problem", root).textContent = _("没有送出：连不上服务器，或文件太大。请检查后再试。");
  };
  button.disabled = true;
  one(".form-problem", root).textContent = "";
  request.upload.addEventListener("progress", ({ loaded, total }) => total && show(bar, loaded, total));
  request.addEventListener("load", () => (request.status < 400 ? location.assign(request.responseURL) : failed()));
  request.addEventListener("error", failed);
  request.open("POST", root.action);
  request.send(new FormData(root));
}

form?.addEventListener("submit", (event) => {
  event.preventDefault();
  upload(form);
});
