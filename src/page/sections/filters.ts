/// <reference lib="dom" />
import { formatCount, plural } from "../../text/units.ts";
import { type CallStatus, STATUSES } from "../../calls/call_state.ts";
import { byId, element, setValue } from "../dom.ts";
import { formatMinute } from "../formats.ts";
import type { Model, View } from "../model.ts";
import { isFiltered, type State } from "../state.ts";

const STATUS_LABELS: Readonly<Record<CallStatus, string>> = {
  ok: "Succeeded",
  error: "Failed",
  interrupted: "Interrupted",
  background: "Went on in background",
  unknown: "Unknown",
  running: "Running",
  abandoned: "Abandoned",
};

/** The row of filters: what is chosen, and how many calls that are. */
export class Filters {
  private readonly tool: HTMLSelectElement;
  private readonly command: HTMLSelectElement;
  private readonly session: HTMLSelectElement;
  private readonly status: HTMLSelectElement;
  private readonly from = timeInput();
  private readonly to = timeInput();
  private readonly count = element("output", { class: "count", attributes: { role: "status" } });
  private readonly reset: HTMLButtonElement;

  constructor(private readonly model: Model, change: (state: State) => void) {
    const { head } = model.page;
    const groups = model.whole.report.groups.map(({ name }) => name);
    const others = [...new Set(model.groupOfTool)].filter((name) => !groups.includes(name));
    const split = head.texts.toolName.filter((name, place) => model.groupOfTool[place] !== name);
    this.tool = select("Every tool", [...groups, ...others, ...split].map((name) => [name, name]));
    this.command = select(
      "Every command",
      head.texts.command.toSorted().map((name) => [name, name]),
    );
    this.session = select(
      "Every session",
      head.texts.sessionId.toReversed().map((id) => [id, model.sessionLabel(id)]),
    );
    const present = STATUSES.filter((_, place) => model.page.status.includes(place));
    this.status = select(
      "Any status",
      present.map((status) => [status, STATUS_LABELS[status]]),
    );
    this.reset = element("button", {
      text: "Clear filters",
      attributes: { type: "button" },
      click: () => change({ ...NO_FILTERS, call: undefined }),
    });
    const choose = (
      name: "tool" | "command" | "session" | "status",
      from: HTMLSelectElement,
    ): void => {
      from.addEventListener("change", () => {
        const value = from.value === "" ? undefined : from.value;
        const time = name === "session" ? { from: undefined, to: undefined } : {};
        // A command is one tool's: of another it would leave nothing.
        const besides = name === "tool" ? { command: undefined } : {};
        change({ [name]: value, ...time, ...besides });
      });
    };
    choose("tool", this.tool);
    choose("command", this.command);
    choose("session", this.session);
    choose("status", this.status);
    this.from.addEventListener("change", () => change({ from: timeOfInput(this.from) }));
    this.to.addEventListener("change", () => change({ to: timeOfInput(this.to) }));
    byId("filters").append(
      labelled("Tool", this.tool),
      ...head.texts.command.length > 0 ? [labelled("Command", this.command)] : [],
      labelled("Session", this.session),
      labelled("Status", this.status),
      labelled("From", this.from),
      labelled("To", this.to),
      this.reset,
      this.count,
    );
  }

  update({ state, chosen, table: report }: View): void {
    const { calls, omitted } = this.model.page.head;
    setValue(this.tool, state.tool ?? "");
    setValue(this.command, state.command ?? "");
    setValue(this.session, state.session ?? "");
    setValue(this.status, state.status ?? "");
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
export const NO_FILTERS: State = {
  tool: undefined,
  command: undefined,
  session: undefined,
  status: undefined,
  from: undefined,
  to: undefined,
};

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
