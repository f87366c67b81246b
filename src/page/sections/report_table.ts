/// <reference lib="dom" />
import { isRestOfShell, SHELL_TOOL } from "../../summary/command_groups.ts";
import { caveats, signs } from "../../summary/caveats.ts";
import {
  mainColumns,
  type ReportColumn,
  sortGroups,
  WIDE_COLUMNS,
} from "../../summary/report_columns.ts";
import type { ToolColors } from "../colors.ts";
import { element } from "../dom.ts";
import type { Model, View } from "../model.ts";
import type { State } from "../state.ts";
import type { Summary } from "../../summary/summary.ts";

const DEFAULT_SORT = "total";

/** The table of `report` and what it says below; a click on a heading sorts, a click on a tool or a command filters. */
export class ReportTable {
  readonly element = element("div", { class: "report" });
  private readonly scroll = element("div", {
    class: "scroll",
    attributes: { tabindex: "0", role: "region", "aria-label": "Figures by tool and command" },
  });
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
    this.element.append(this.scroll, this.notes, this.more);
  }

  update({ table: report, state }: View): void {
    this.wide = state.wide === true;
    this.more.textContent = this.wide ? "Fewer columns" : "All columns";
    const given = state.sort ?? DEFAULT_SORT;
    const isReversed = given.startsWith("-");
    const sort = isReversed ? given.slice(1) : given;
    const columns = [
      ...mainColumns(report, { grouping: "what", label: (name) => name }),
      ...this.wide ? WIDE_COLUMNS : [],
    ];
    const { groups } = sortGroups(report, sort);
    const ordered = isReversed ? groups.toReversed() : groups;
    const focused = document.activeElement?.closest("th")?.dataset["sort"];
    this.scroll.replaceChildren(
      element("table", {}, [
        element("caption", {
          class: "sr-only",
          text: "Calls, failures and times by tool and command",
        }),
        element("thead", {}, [
          element(
            "tr",
            {},
            columns.map((column) => this.heading(column, sort, isReversed)),
          ),
        ]),
        element("tbody", {}, ordered.map((group) => this.row(group, columns))),
        element("tfoot", {}, [this.row(report.all, columns)]),
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

  private heading(column: ReportColumn, sort: string, isReversed: boolean): HTMLElement {
    const isSorted = column.name === sort;
    // Figures come greatest first, names from a to z.
    const isDescending = (column.name !== "name") !== isReversed;
    const next = isSorted && !isReversed ? `-${column.name}` : column.name;
    return element("th", {
      class: column.isText === true ? "text" : "number",
      attributes: {
        scope: "col",
        "data-sort": column.name,
        "aria-sort": isSorted ? isDescending ? "descending" : "ascending" : undefined,
      },
    }, [
      element("button", {
        text: column.header,
        attributes: { type: "button" },
        click: () => this.change({ sort: next === DEFAULT_SORT ? undefined : next }),
      }),
    ]);
  }

  private row(group: Summary, columns: readonly ReportColumn[]): HTMLElement {
    const isCommand = group.kind === "command";
    const toolName = isCommand || isRestOfShell(group) ? SHELL_TOOL : group.name;
    const choice = { tool: toolName, command: isCommand ? group.name : undefined };
    return element(
      "tr",
      {},
      columns.map((column) => {
        const text = column.cell(group);
        if (column.isText !== true) return element("td", { class: "number", text });
        if (group.kind === "all") {
          return element("th", { class: "text", text, attributes: { scope: "row" } });
        }
        return element("th", { class: "text", attributes: { scope: "row" } }, [
          element("button", {
            class: "tool",
            title: `Only ${group.name}`,
            attributes: { type: "button" },
            click: () => this.change(choice),
          }, [
            element("i", { class: `dot fill-${this.colors.place(this.model.groupOf(toolName))}` }),
            text,
          ]),
        ]);
      }),
    );
  }
}
