/// <reference lib="dom" />
import { formatCount, plural } from "../../text/units.ts";
import { type CallStatus, STATUSES } from "../../calls/call_state.ts";
import { byName } from "../../summary/grouping.ts";
import { byId, element, setValue } from "../dom.ts";
import { formatMinute } from "../formats.ts";
import type { Model, View } from "../model.ts";
import { FILTERS, isFiltered, type State } from "../state.ts";

const STATUS_LABELS: Readonly<Record<CallStatus, string>> = {
  ok: "Succeeded",
  error: "Failed",
  interrupted: "Interrupted",
  background: "Went on in background",
  unknown: "Unknown",
  running: "Running",
  abandoned: "Abandoned",
};

/** A word that is being typed becomes a filter when it has rested for so long, milliseconds. */
const REST = 200;

type Choice = "tool" | "command" | "project" | "session" | "version" | "status";

/** The row of filters: what is chosen, and how many calls that are. */
export class Filters {
  private readonly search = element("input", {
    attributes: { type: "search" },
  });
  private readonly choices = new Map<Choice, HTMLSelectElement>();
  private readonly from = timeInput();
  private readonly to = timeInput();
  private readonly count = element("output", { class: "count", attributes: { role: "status" } });
  private readonly reset: HTMLButtonElement;

  constructor(private readonly model: Model, private readonly change: (state: State) => void) {
    const { texts } = model.page.head;
    this.listenToSearch();
    this.reset = element("button", {
      text: "Clear filters",
      attributes: { type: "button" },
      click: () => change({ ...NO_FILTERS, call: undefined }),
    });
    this.from.addEventListener("change", () => change({ from: timeOfInput(this.from) }));
    this.to.addEventListener("change", () => change({ to: timeOfInput(this.to) }));
    const same = (names: readonly string[]): [string, string][] =>
      names.toSorted(byName).map((name) => [name, name]);
    byId("filters").append(
      labelled("Search", this.search),
      this.choice("Tool", "tool", "Every tool", this.tools().map((name) => [name, name])),
      ...texts.command.length > 0
        ? [this.choice("Command", "command", "Every command", same(texts.command))]
        : [],
      ...texts.project.length > 1
        ? [this.choice("Project", "project", "Every project", same(texts.project))]
        : [],
      this.choice(
        "Session",
        "session",
        "Every session",
        texts.sessionId.toReversed().map((id) => [id, model.sessionLabel(id)]),
      ),
      ...texts.clientVersion.length > 1
        ? [this.choice("Version", "version", "Every version", same(texts.clientVersion))]
        : [],
      this.choice("Status", "status", "Any status", this.statuses()),
      labelled("From", this.from),
      labelled("To", this.to),
      this.reset,
      this.count,
    );
  }

  private tools(): string[] {
    const { whole, groupOfTool, page } = this.model;
    const groups = whole.report.groups.map(({ name }) => name);
    const others = [...new Set(groupOfTool)].filter((name) => !groups.includes(name));
    const split = page.head.texts.toolName.filter((name, place) => groupOfTool[place] !== name);
    return [...groups, ...others, ...split];
  }

  private statuses(): [string, string][] {
    return STATUSES.filter((_, place) => this.model.page.status.includes(place))
      .map((status) => [status, STATUS_LABELS[status]]);
  }

  private choice(
    label: string,
    name: Choice,
    none: string,
    options: readonly (readonly [value: string, text: string])[],
  ): HTMLLabelElement {
    const made = select(none, options);
    this.choices.set(name, made);
    made.addEventListener("change", () => {
      const value = made.value === "" ? undefined : made.value;
      const time = name === "session" ? { from: undefined, to: undefined } : {};
      // A command is one tool's: of another it would leave nothing.
      const besides = name === "tool" ? { command: undefined } : {};
      this.change({ [name]: value, ...time, ...besides });
    });
    return labelled(label, made);
  }

  private listenToSearch(): void {
    let resting: ReturnType<typeof setTimeout> | undefined;
    this.search.addEventListener("input", () => {
      clearTimeout(resting);
      resting = setTimeout(() => {
        const text = this.search.value.trim();
        this.change({ search: text === "" ? undefined : text });
      }, REST);
    });
  }

  update({ state, chosen, table: report }: View): void {
    const { calls, omitted } = this.model.page.head;
    for (const [name, made] of this.choices) setValue(made, state[name] ?? "");
    // What is being typed may end in a space.
    if (this.search.value.trim() !== (state.search ?? "")) this.search.value = state.search ?? "";
    setTime(this.from, state.from);
    setTime(this.to, state.to);
    this.reset.disabled = !isFiltered(state);
    // Counted as in the title: calls that ended, and apart from them those that did not.
    const ended = report.all.calls;
    const open = isFiltered(state) ? chosen.length - ended : calls + omitted - ended;
    const among = isFiltered(state) ? `${formatCount(ended)} of ` : "";
    this.count.textContent = among + plural(this.model.whole.report.all.calls, "call") +
      (open > 0 ? `, ${formatCount(open)} without an end` : "");
    this.count.title = state.from === undefined && state.to === undefined
      ? ""
      : [state.from, state.to].map((time) => time === undefined ? "…" : formatMinute(time)).join(
        " – ",
      );
  }
}

/** The state of filters that leave nothing out. */
export const NO_FILTERS: State = Object.fromEntries(
  [...FILTERS, "from", "to"].map((name) => [name, undefined]),
);

function select(
  none: string,
  options: readonly (readonly [value: string, text: string])[],
): HTMLSelectElement {
  const made = options.map(([value, text]) => element("option", { text, attributes: { value } }));
  return element("select", {}, [
    element("option", { text: none, attributes: { value: "" } }),
    ...made,
  ]);
}

function labelled(label: string, control: HTMLElement): HTMLLabelElement {
  return element("label", {}, [element("span", { text: label }), control]);
}

function timeInput(): HTMLInputElement {
  return element("input", { attributes: { type: "datetime-local", step: "1" } });
}

/** Seconds since the epoch; `undefined` where nothing is given. */
function timeOfInput(input: HTMLInputElement): number | undefined {
  const time = new Date(input.value).getTime() / 1000;
  return Number.isFinite(time) ? time : undefined;
}

function setTime(input: HTMLInputElement, time: number | undefined): void {
  if (time === undefined) {
    input.value = "";
    return;
  }
  const zone = new Date(time * 1000).getTimezoneOffset() * 60;
  input.value = new Date((Math.floor(time) - zone) * 1000).toISOString().slice(0, 19);
}
