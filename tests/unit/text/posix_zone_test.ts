import { parsePosixZone } from "../../../src/text/posix_zone.ts";
import { assertEquals } from "../../std/std_assert.ts";
import { temporaryFolder } from "../../kit/temporary_folder.ts";
import { testWith } from "../../kit/tools.ts";

/** Rules of each form, south and north, with changes that lie in the day before and behind. */
const RULES = [
  "UTC0",
  "JST-9",
  "IST-5:30",
  "<+03>-3",
  "<-02>2<-01>,M3.5.0/-1,M10.5.0/0",
  "CET-1CEST,M3.5.0,M10.5.0/3",
  "CET-1CEST,M3.5.0/2,M10.5.0/3:00:00",
  "NZST-12NZDT,M9.5.0,M4.1.0/3",
  "<+1030>-10:30<+11>-11,M10.1.0,M4.1.0",
  "EST5EDT",
  "EST5EDT,J60/0,J300/0",
  "EST5EDT,59/0,299/0",
  "<-03>3<-02>,M3.5.0/-2,M10.5.0/-1",
];

testWith(["date"], "posix zones have the hours that the C library gives them", () => {
  // Every 29 hours of two years, one of them with a leap day.
  const times = Array.from({ length: 620 }, (_, index) => 1703980800 + index * 29 * 3600);
  using folder = temporaryFolder();
  const file = `${folder.path}/times`;
  Deno.writeTextFileSync(file, times.map((time) => `@${time}\n`).join(""));
  for (const rule of RULES) {
    const { stdout } = new Deno.Command("date", { args: ["-f", file, "+%::z"], env: { TZ: rule } })
      .outputSync();
    const expected = new TextDecoder().decode(stdout).trimEnd().split("\n").map((text) => {
      const [hours = 0, minutes = 0] = text.slice(1).split(":").map(Number);
      return Number(`${text[0]}1`) * (3600 * hours + 60 * minutes);
    });
    const offsetAt = parsePosixZone(rule);
    assertEquals(times.map((time) => offsetAt?.(time)), expected, rule);
  }
});

Deno.test("the name of a zone is no rule, nor is what is none at all", () => {
  const texts = [
    "",
    "UTC",
    "Europe/Berlin",
    "CET-",
    "CET-1CEST,M3.5.0",
    "A-1",
    "CET-1,M3.5.0,M1.1.0",
  ];
  for (const text of [...texts, "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,x,y"]) {
    assertEquals(parsePosixZone(text), undefined, text);
  }
});
