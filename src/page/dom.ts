/// <reference lib="dom" />
/// <reference lib="dom.iterable" />

/** What an element gets besides its children. Text is always text: nothing is ever read as HTML. */
export interface Properties {
  readonly class?: string | undefined;
  readonly id?: string | undefined;
  readonly text?: string | undefined;
  readonly title?: string | undefined;
  /** Any other attribute; `undefined` leaves it out. */
  readonly attributes?: Readonly<Record<string, string | undefined>>;
  readonly click?: ((event: MouseEvent) => void) | undefined;
}

export type Child = Node | string | undefined;

/** Makes an HTML element. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  properties: Properties = {},
  children: readonly Child[] = [],
): HTMLElementTagNameMap[Tag] {
  const made: HTMLElementTagNameMap[Tag] & HTMLElement = document.createElement(tag);
  set(made, properties, children);
  const { click } = properties;
  if (click !== undefined) made.onclick = click;
  return made;
}

/** Makes an SVG element. */
export function svg<Tag extends keyof SVGElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | number>> = {},
  children: readonly Child[] = [],
): SVGElementTagNameMap[Tag] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
  append(made, children);
  return made;
}

function set(made: Element, properties: Properties, children: readonly Child[]): void {
  if (properties.class !== undefined) made.setAttribute("class", properties.class);
  if (properties.id !== undefined) made.id = properties.id;
  if (properties.title !== undefined) made.setAttribute("title", properties.title);
  if (properties.text !== undefined) made.textContent = properties.text;
  for (const [name, value] of Object.entries(properties.attributes ?? {})) {
    if (value !== undefined) made.setAttribute(name, value);
  }
  append(made, children);
}

function append(parent: Element, children: readonly Child[]): void {
  for (const child of children) if (child !== undefined) parent.append(child);
}

/** The element of the page with this id. */
export function byId(id: string): HTMLElement {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`The page has no element "${id}"`);
  return found;
}

const colors = new Map<string, string>();

/** The value of a colour of the style sheet, by its name without the dashes. */
export function color(name: string): string {
  let value = colors.get(name);
  if (value === undefined) {
    value = getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
    colors.set(name, value);
  }
  return value;
}

/** The style sheet's colours have changed: asks it anew. */
export function forgetColors(): void {
  colors.clear();
}

/** Sets the value of a control, where it is another. */
export function setValue(control: HTMLSelectElement | HTMLInputElement, value: string): void {
  if (control.value !== value) control.value = value;
}

/** A table with its caption and column headings; numeric cells are aligned to the right by their class. */
export function table(
  caption: string,
  headings: readonly string[],
  rows: readonly (readonly Child[])[],
  isText: (column: number) => boolean = (column) => column === 0,
): HTMLTableElement {
  const cell = (tag: "td" | "th", child: Child, column: number): HTMLElement =>
    element(tag, {
      class: isText(column) ? "text" : "number",
      attributes: tag === "th" ? { scope: "col" } : {},
    }, [child]);
  return element("table", {}, [
    element("caption", { text: caption, class: "sr-only" }),
    element("thead", {}, [
      element("tr", {}, headings.map((heading, column) => cell("th", heading, column))),
    ]),
    element(
      "tbody",
      {},
      rows.map((row) => element("tr", {}, row.map((child, column) => cell("td", child, column)))),
    ),
  ]);
}

/** A table behind a chart: made when it is opened first, and again when `refresh` says that it is out of date. */
export class Fold {
  readonly element: HTMLDetailsElement;
  private readonly body = element("div", { class: "scroll", attributes: { tabindex: "0" } });

  constructor(summary: string, private readonly make: () => readonly Child[]) {
    this.element = element("details", { class: "fold" }, [
      element("summary", { text: summary }),
      this.body,
    ]);
    this.body.setAttribute("role", "region");
    this.body.setAttribute("aria-label", summary);
    this.element.addEventListener("toggle", () => this.refresh());
  }

  refresh(): void {
    this.body.replaceChildren();
    if (this.element.open) append(this.body, this.make());
  }
}

/** Makes a canvas as large as it is to be, in CSS pixels; it is emptied only where it has another size. */
export function setCanvasSize(
  canvas: HTMLCanvasElement,
  width: number,
  height: number,
  ratio: number,
): void {
  const wanted = { width: Math.round(width * ratio), height: Math.round(height * ratio) };
  if (canvas.width !== wanted.width) canvas.width = wanted.width;
  if (canvas.height === wanted.height) return;
  canvas.height = wanted.height;
  canvas.style.height = `${height}px`;
}
