/** Small helpers over the DOM. Text is always set as text: nothing from a camera or a person becomes markup. */
type Child = Node | string | null | undefined;
type Props = Record<string, string | number | boolean | ((event: Event) => void) | undefined>;

/** `h("button", { type: "button", class: "x", onclick: go }, "Go")` */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children.filter((child): child is Node | string => child !== null && child !== undefined && child !== ""));
  return element;
}

export function part<T extends HTMLElement = HTMLElement>(name: string, within: ParentNode = document): T {
  const found = within.querySelector<T>(`[data-part="${name}"]`);
  if (!found) throw new Error(`this page has no part ${name}`);
  return found;
}

/** Set text only where it changed, so that a screen reader and the compositor are left in peace. */
export function say(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** The typed data block of an island. */
export function dataOf<T>(island: HTMLElement): T {
  const block = document.getElementById(island.dataset["data"] ?? "");
  return JSON.parse(block?.textContent ?? "null") as T;
}

/** Announce to a screen reader, once. */
export function announce(text: string): void { say(part("said"), text); }
