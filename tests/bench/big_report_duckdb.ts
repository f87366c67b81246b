/** The figures of a report by DuckDB, for tests/bench/big_report.ts: `big_report_duckdb.ts FILE`. */

/** What is used here of `@duckdb/node-api`. */
interface DuckDB {
  readonly DuckDBInstance: { create(path: string): Promise<Database> };
}
interface Database {
  connect(): Promise<{ runAndReadAll(query: string): Promise<{ getRowsJson(): unknown }> }>;
}

// Not a dependency of the project, and too large to be fetched by whoever checks its types: no literal.
const PACKAGE = "npm:@duckdb/node-api@1.5.4-r.1";
const { DuckDBInstance }: DuckDB = await import(PACKAGE);

const [path = ""] = Deno.args;

const QUERY = `
with calls as (
  select tool_use_id, tool_name,
    max(duration_ms) / 1000 as duration,
    max(timestamp) filter (event = 'end') - min(timestamp) filter (event = 'start')
      - max(duration_ms) / 1000 as wait,
    max(child_cpu_seconds) filter (event = 'end')
      - min(child_cpu_seconds) filter (event = 'start') as cpu,
    count(*) filter (status = 'error') as failed,
    sum(memory_rss) as rss, max(memory_rss) as rss_max,
    sum(cpu_percent) as cpu_percent, max(cpu_percent) as cpu_percent_max
  from read_csv('${path.replaceAll("'", "''")}')
  group by tool_use_id, tool_name)
select tool_name, count(*), sum(failed), avg(duration),
  quantile_cont(duration, [0.5, 0.95, 0.99]), max(duration), sum(duration), sum(wait), sum(cpu),
  sum(rss) / count(*) / 2, max(rss_max), sum(cpu_percent) / count(*) / 2, max(cpu_percent_max)
from calls group by tool_name order by sum(duration) desc`;

const database = await DuckDBInstance.create(":memory:");
const connection = await database.connect();
const result = await connection.runAndReadAll(QUERY);
console.log(JSON.stringify(result.getRowsJson(), null, 2));
Deno.exit(0); // without waiting for the database to be taken down
