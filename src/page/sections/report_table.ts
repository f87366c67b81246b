/// <reference lib="dom" />
import { NO_NAME } from "../../summary/grouping.ts";
import { isRestOfShell, SHELL_TOOL } from "../../summary/command_groups.ts";
import { caveats, signs } from "../../summary/caveats.ts";
import {
  mainColumns,
  type ReportColumn,
  sortGroups,
  wideColumns,
} from "../../summary/report_columns.ts";
import type { ToolColors } from "../colors.ts";
import { dayOf } from "../days.ts";
import { element } from "../dom.ts";
import { formatMinute } from "../formats.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";
import type { Summary } from "../../summary/summary.ts";

/** What the table can have a line for each of; `what`: tools, and of Bash the commands that took most. */
const GROUPINGS = [
  ["what", "Tool and command"],
  ["command", "Command"],
  ["project", "Project"],
  ["session", "Session"],
  ["day", "Day"],
  ["version", "Version"],
] as const;
type TableGrouping = typeof GROUPINGS[number][0];

/** The table of `report` and what it says below; a click on a heading sorts, a click on a name filters. */
export class ReportTable {
  readonly element = element("div", { class: "report" });
  private readonly scroll = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Figures of calls" },
  });
  private readonly choices = new Map<TableGrouping, HTMLButtonElement>();
  private readonly notes = element("div", { class: "caveats" });
  private readonly more: HTMLButtonElement;
  private wide = false;

  constructor(
    private readonly model: Model,
    private readonly colors: ToolColors,
    private readonly change: (state: State) => void,
  ) {
    this.more = element("button", {
      attributes: { type: "button" },
      click: () => change({ wide: this.wide ? undefined : true }),
    });
    for (const [grouping, text] of GROUPINGS) {
      if (!this.isTold(grouping)) continue;
      const by = grouping === "what" ? undefined : grouping;
      const button = element("button", {
        text,
        attributes: { type: "button" },
        click: () => change({ by, sort: undefined }),
      });
      this.choices.set(grouping, button);
    }
    const group = { role: "group", "aria-label": "A line for each" };
    this.element.append(
      element("div", { class: "choices", attributes: group }, [...this.choices.values()]),
      this.scroll,
      this.notes,
      this.more,
    );
  }

  /** Whether any call says what it is grouped by. */
  private isTold(grouping: TableGrouping): boolean {
    const { command, project, sessionId, clientVersion } = this.model.page.head.texts;
    const texts: Partial<Record<TableGrouping, readonly string[]>> = {
      command,
      project,
      session: sessionId,
      version: clientVersion,
    };
    return texts[grouping]?.length !== 0;
  }

  update(view: View): void {
    const { state } = view;
    this.wide = state.wide === true;
    this.more.textContent = this.wide ? "Fewer columns" : "All columns";
    const grouping = GROUPINGS.find(([name]) => name === state.by)?.[0] ?? "what";
    for (const [name, button] of this.choices) {
      button.setAttribute("aria-pressed", String(name === grouping));
    }
    const report = grouping === "what" ? view.table : this.model.grouped(view, grouping);
    const usual = usualSort(grouping);
    const given = state.sort ?? usual;
    const isReversed = given.startsWith("-");
    const sort = isReversed ? given.slice(1) : given;
    const label = (name: string): string =>
      grouping === "session" ? this.model.sessionLabel(name) : name;
    const [name, ...figures] = mainColumns(report, { grouping, label });
    const columns = [
      name!,
      ...grouping === "session" ? this.dates() : [],
      ...figures,
      ...this.wide ? wideColumns(report) : [],
    ];
    const { groups } = sortGroups(report, sort);
    const ordered = isReversed ? groups.toReversed() : groups;
    const focused = document.activeElement?.closest("th")?.dataset["sort"];
    this.scroll.replaceChildren(
      element("table", {}, [
        element("caption", { class: "sr-only", text: "Calls, failures and times" }),
        element("thead", {}, [
          element(
            "tr",
            {},
            columns.map((column) => this.heading(column, { sort, isReversed, usual })),
          ),
        ]),
        element("tbody", {}, ordered.map((group) => this.row(group, columns, grouping))),
        element("tfoot", {}, [this.row(report.all, columns, grouping)]),
      ]),
    );
    const texts = [
      ...signs(report, this.scroll.textContent ?? "", this.wide),
      ...caveats(report, this.wide),
    ];
    this.notes.replaceChildren(...texts.map((text) => element("p", { text })));
    if (focused !== undefined) {
      this.scroll.querySelector<HTMLElement>(`th[data-sort="${CSS.escape(focused)}"] button`)
        ?.focus();
    }
  }

  /** When a session's first and last calls were, filtered or not. */
  private dates(): ReportColumn[] {
    const { model } = this;
    const { time } = model.page;
    const cell = (which: 0 | -1) => ({ kind, name }: Summary): string => {
      const call = model.sessions.of(model.sessionNumber(name)).at(which);
      return kind === "all" || call === undefined ? "" : formatMinute(time[call]!);
    };
    return [
      { name: "first", header: "FIRST", cell: cell(0) },
      { name: "last", header: "LAST", cell: cell(-1) },
    ];
  }

  private heading(column: ReportColumn, { sort, isReversed, usual }: Sorting): HTMLElement {
    const isSorted = column.name === sort;
    // Figures come greatest first, names from a to z.
    const isDescending = (column.name !== "name") !== isReversed;
    const next = isSorted && !isReversed ? `-${column.name}` : column.name;
    const isDate = column.name === "first" || column.name === "last";
    return element("th", {
      class: column.isText === true ? "text" : "number",
      attributes: {
        scope: "col",
        "data-sort": column.name,
        "aria-sort": isSorted ? isDescending ? "descending" : "ascending" : undefined,
      },
    }, [
      isDate ? column.header : element("button", {
        text: column.header,
        attributes: { type: "button" },
        click: () => this.change({ sort: next === usual ? undefined : next }),
      }),
    ]);
  }

  private row(
    group: Summary,
    columns: readonly ReportColumn[],
    grouping: TableGrouping,
  ): HTMLElement {
    const choice = group.kind === "all" ? undefined : this.choiceOf(group, grouping);
    return element(
      "tr",
      {},
      columns.map((column) => {
        const text = column.cell(group);
        if (column.isText !== true) return element("td", { class: "number", text });
        if (choice === undefined) {
          return element("th", { class: "text", text, attributes: { scope: "row" } });
        }
        const { tool } = choice;
        const color = tool === undefined
          ? undefined
          : element("i", { class: `dot fill-${this.colors.place(this.model.groupOf(tool))}` });
        return element("th", { class: "text", attributes: { scope: "row" } }, [
          element("button", {
            class: "tool",
            title: `Only ${group.name}`,
            attributes: { type: "button" },
            click: () => this.change(choice),
          }, [color, text]),
        ]);
      }),
    );
  }

  /** The filter that leaves the calls of a line. */
  private choiceOf(group: Summary, grouping: TableGrouping): State | undefined {
    const { name, kind } = group;
    if (name === NO_NAME) return undefined;
    switch (grouping) {
      case "day":
        return dayOf(new Date(`${name}T12:00`).getTime() / 1000);
      case "project":
      case "session":
      case "version":
        return { [grouping]: name };
      default: {
        if (isRestOfShell(group)) return { tool: SHELL_TOOL, command: undefined };
        const { texts } = this.model.page.head;
        // `git push` is Bash's; of other tools the name has the tool before it: `Agent Explore`.
        const tool = texts.toolName.find((each) => name.startsWith(`${each} `));
        if (tool !== undefined) return { tool, command: name.slice(tool.length + 1) };
        return kind === "command"
          ? { tool: SHELL_TOOL, command: name }
          : { tool: name, command: undefined };
      }
    }
  }
}

interface Sorting {
  readonly sort: string;
  readonly isReversed: boolean;
  /** What it is sorted by unless told. */
  readonly usual: string;
}

/** As `report` has it: days and versions follow one another, all else goes by time spent. */
function usualSort(grouping: TableGrouping): string {
  return grouping === "day" || grouping === "version" ? "name" : "total";
}
