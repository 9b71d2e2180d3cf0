/** Typing a camera's number anywhere in an instrument. */
import { h } from "./dom";
import type { ListedCamera } from "./types";

/** So long a letter waits for the digit that makes it a camera's number. */
const LETTER_MS = 600;
/** How long an answer to a number that is nobody's stands there. */
const SAID_MS = 4000;

export interface Numbers {
  cameras: ListedCamera[];
  entered(number: string): void;
  /** Do what a key does by itself, later than it was pressed. */
  press(event: KeyboardEvent): void;
}

/**
 * Digits make a camera's number; letters join in once it has begun, and Enter enters it. A letter that begins a camera's
 * number (R2) and does something itself (R reviews) waits a moment for the digit.
 */
export class NumberTyping {
  readonly element = h("output", { class: "typed", "aria-live": "polite" });
  private typed = "";
  private waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly numbers: Numbers) {}

  say(words: string): void {
    this.element.textContent = words;
    window.setTimeout(() => { if (!this.typed) this.element.textContent = ""; }, SAID_MS);
  }

  /** Whether the key was part of a number. */
  take(event: KeyboardEvent): boolean {
    const { key } = event;
    clearTimeout(this.waiting);
    if (event.shiftKey && /^(Digit|Numpad)/.test(event.code)) return false;
    const joins = /^[a-z-]$/i.test(key) && this.typed !== "" && (/\d/.test(this.typed) || this.known(this.typed + key));
    if (/^\d$/.test(key) || joins) this.set((this.typed + key.toUpperCase()).slice(0, 12));
    else if (!this.typed) return this.begin(event);
    else if (key === "Backspace") this.set(this.typed.slice(0, -1));
    else if (key === "Escape") this.set("");
    else if (key === "Enter") { const number = this.typed; this.set(""); this.numbers.entered(number); }
    else { if (!/\d/.test(this.typed)) this.set(""); return false; }
    return true;
  }

  private begin(event: KeyboardEvent): boolean {
    if (!/^[a-z]$/i.test(event.key) || event.repeat || !this.known(event.key)) return false;
    this.set(event.key.toUpperCase());
    this.waiting = setTimeout(() => { this.set(""); this.numbers.press(event); }, LETTER_MS);
    return true;
  }

  /** Whether some camera's number begins so. */
  private known(typed: string): boolean { return this.numbers.cameras.some((camera) => camera.number.toLowerCase().startsWith(typed.toLowerCase())); }

  private set(typed: string): void { this.element.textContent = this.typed = typed; }
}
