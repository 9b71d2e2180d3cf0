/** One table of keys per instrument: it acts on them and shows them under `?`. */
import { h } from "./dom";

export interface Key {
  keys: string[]; // as KeyboardEvent.key, or "Shift+Digit1" for a code with Shift
  show: string[]; // as printed
  words: string;
  group: string;
  act: (event: KeyboardEvent) => void;
  repeat?: boolean; // act again while held down
}

const inField = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** What a key event is called in the table. */
export function nameOf(event: KeyboardEvent): string {
  if (event.shiftKey && /^(Digit|Numpad)\d$/.test(event.code)) return `Shift+${event.code.replace("Numpad", "Digit")}`;
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}

export class Keys {
  private readonly table = new Map<string, Key>();
  private readonly dialog: HTMLDialogElement;
  /** Asked first; true means the key was taken (typing a camera's number). */
  before: (event: KeyboardEvent) => boolean = () => false;

  constructor(private readonly list: Key[]) {
    for (const key of list) for (const name of key.keys) this.table.set(name, key);
    this.dialog = this.draw();
    document.body.append(this.dialog);
    document.addEventListener("keydown", this.onKey);
  }

  show(): void { this.dialog.showModal(); }

  /** Do what a key does, later than it was pressed. */
  press(event: KeyboardEvent): void { this.table.get(nameOf(event))?.act(event); }

  remove(): void {
    document.removeEventListener("keydown", this.onKey);
    this.dialog.remove();
  }

  private readonly onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey) return;
    if (document.querySelector("dialog[open]") || inField(event.target)) return;
    const name = nameOf(event);
    if (name === "?") { event.preventDefault(); this.show(); return; }
    if (this.before(event)) { event.preventDefault(); return; } // the Enter after a number is the number's, wherever the focus is
    const onControl = event.target instanceof HTMLButtonElement || event.target instanceof HTMLAnchorElement;
    if (onControl && (name === "Enter" || name === " ")) return; // the control's own
    const key = this.table.get(name);
    if (!key || (event.repeat && !key.repeat)) return;
    event.preventDefault();
    key.act(event);
  };

  private draw(): HTMLDialogElement {
    const groups = [...new Set(this.list.map((key) => key.group))];
    const columns = groups.map((group) => h("section", {}, h("h3", {}, group), h("dl", {}, ...this.list
      .filter((key) => key.group === group && key.words)
      .flatMap((key) => [h("dt", {}, ...key.show.map((text) => h("kbd", {}, text))), h("dd", {}, key.words)]))));
    const close = h("button", { type: "button", autofocus: true, onclick: () => this.dialog.close() }, "Close ", h("kbd", {}, "Esc"));
    return h("dialog", { class: "keys", "aria-labelledby": "keys-title" }, h("header", {}, h("h2", { id: "keys-title" }, "Keys"), close), h("div", { class: "keys-columns" }, ...columns));
  }
}
