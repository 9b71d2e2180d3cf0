/** The two questions review asks: which moment to go to, and what to seal. */
import { h, say } from "../lib/dom";
import { wordsOf, type Server } from "../lib/http";
import { skippedWords, span, type Zone } from "../lib/time";
import type { Exhibit, ExhibitIn, Progress, Utc } from "../lib/types";

function open(title: string, form: HTMLFormElement): HTMLDialogElement {
  const dialog = h("dialog", { "aria-labelledby": "ask-title" }, h("header", {}, h("h2", { id: "ask-title" }, title)), form);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}

/** Go to a time on the clock of the scheme. The autumn hour that comes twice is asked for by its offset. */
export function askTime(zone: Zone, at: Utc, go: (at: Utc) => void): void {
  const parts = zone.clockMs(at);
  const day = h("input", { type: "date", id: "go-day", required: true, value: zone.day(at) });
  const clock = h("input", { type: "time", id: "go-time", step: 1, required: true, value: parts.slice(0, 8) });
  const which = h("fieldset", { hidden: true });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const form = h("form", { class: "ask-form", method: "dialog" }, h("label", { for: "go-day" }, "Date", day), h("label", { for: "go-time" }, "Time", clock), which, wrong,
    h("footer", {}, h("button", { type: "submit", class: "first" }, "Go"), h("button", { type: "button", onclick: () => dialog.close() }, "Leave")));
  let found: Utc[] = [];
  const look = (): void => {
    found = zone.moments(day.value, clock.value);
    which.hidden = found.length !== 2;
    say(wrong, skippedWords(zone, day.value, clock.value));
    if (found.length === 2) drawChoice(which, zone, found, at);
  };
  day.addEventListener("input", look);
  clock.addEventListener("input", look);
  const dialog = open("Go to a time", form);
  form.addEventListener("submit", (event) => {
    look();
    const chosen = found.length === 2 ? Number(form.querySelector<HTMLInputElement>("input[name=which]:checked")?.value ?? NaN) : found[0];
    if (chosen === undefined || Number.isNaN(chosen)) { event.preventDefault(); if (!wrong.textContent) say(wrong, "Say which of the two."); return; }
    go(chosen);
  });
  look();
  clock.focus();
}

function drawChoice(which: HTMLElement, zone: Zone, found: Utc[], at: Utc): void {
  const nearest = Math.abs(found[0]! - at) <= Math.abs(found[1]! - at) ? 0 : 1;
  which.replaceChildren(h("legend", {}, "The clocks went back: this time came twice"), ...found.map((utc, index) =>
    h("label", {}, h("input", { type: "radio", name: "which", value: utc, checked: index === nearest }), `${zone.clock(utc)}, the ${index ? "second" : "first"} time`)));
}

export type SealRequest = Required<Pick<ExhibitIn, "reference" | "reason" | "case_reference" | "requester">>;

/** Reference and reason, then how far the sealing is, then the exhibit. */
export function askSeal(server: Server, reason: string, clips: string[], seal: (request: SealRequest) => Promise<Pick<Exhibit, "reference" | "url">>, sealed: () => void): void {
  const reference = h("input", { type: "text", id: "seal-ref", required: true, maxlength: 32, autocomplete: "off", autocapitalize: "characters", placeholder: "JD-7" });
  const why = h("textarea", { id: "seal-why", rows: 3, maxlength: 500 }, reason);
  const which = h("input", { type: "text", id: "seal-case", maxlength: 80, autocomplete: "off" });
  const who = h("input", { type: "text", id: "seal-who", maxlength: 120, autocomplete: "off" });
  const wrong = h("p", { class: "wrong", role: "alert" });
  const submit = h("button", { type: "submit", class: "first" }, "Seal");
  const leave = h("button", { type: "button", onclick: () => dialog.close() }, "Leave");
  const form = h("form", { class: "ask-form", novalidate: true }, h("ul", { class: "clips-to-seal" }, ...clips.map((text) => h("li", {}, text))),
    h("label", { for: "seal-ref" }, "Reference", reference, h("span", { class: "hint" }, "The initials of who produces it, and a number")),
    h("label", { for: "seal-case" }, "Case", which, h("span", { class: "hint" }, "Crime, incident or court number, where there is one")),
    h("label", { for: "seal-who" }, "Asked for by", who, h("span", { class: "hint" }, "Name, rank and number; empty where nobody asked")),
    h("label", { for: "seal-why" }, "Reason", why), wrong, h("footer", {}, submit, leave));
  const dialog = open("Seal as an exhibit", form);
  reference.focus();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    say(wrong, "");
    submit.disabled = true;
    seal({ reference: reference.value.trim(), reason: why.value.trim(), case_reference: which.value.trim(), requester: who.value.trim() })
      .then((answer) => { sealed(); follow(server, answer.reference, answer.url, form, leave); })
      .catch((error: unknown) => { say(wrong, wordsOf(error)); submit.disabled = false; });
  });
}

/** The sealing goes on in the worker; leaving this window does not stop it. */
function follow(server: Server, reference: string, url: string, form: HTMLFormElement, leave: HTMLButtonElement): void {
  const bar = h("progress", { max: 1, "aria-label": `Sealing ${reference}` });
  const words = h("p", { role: "status" }, `Sealing ${reference}`);
  const link = h("a", { href: url, class: "button first" }, `Open ${reference}`);
  say(leave, "Go on reviewing");
  form.replaceChildren(words, bar, h("footer", {}, link, leave));
  const ask = async (): Promise<void> => {
    if (!form.isConnected) return;
    try {
      const now = await server.get<Progress>(`/api/v1/exhibits/${encodeURIComponent(reference)}/progress`);
      if (now.total > 0) bar.value = now.done / now.total;
      if (now.state === "sealed") { bar.value = 1; say(words, `${reference} is sealed`); link.focus(); return; }
      if (now.state === "failed") { bar.hidden = true; say(words, `${reference} could not be sealed: ${now.failure}. The footage stays held.`); return; }
      say(words, `Sealing ${reference}${now.seconds_left === null ? "" : `, about ${span(Math.max(1, now.seconds_left) * 90_000)} left`}`);
    } catch (error) { say(words, wordsOf(error)); }
    window.setTimeout(() => void ask(), 500);
  };
  void ask();
}
