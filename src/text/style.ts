/** How parts of a text are set apart; each takes and returns a text of the same width. */
export interface Style {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
}
