import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import type { Row } from './rows.ts'

/** The same rows in DuckDB, as one would keep them there: one table, read by agent and time. */
export class SightingTable {
  readonly #connection: DuckDBConnection

  static async open(path: string): Promise<SightingTable> {
    const instance = await DuckDBInstance.create(path, { threads: '2' })
    const connection = await instance.connect()
    await connection.run(
      'CREATE TABLE sightings (agent VARCHAR, component VARCHAR, slot VARCHAR, sight VARCHAR, moment BIGINT, entry BIGINT)',
    )
    return new SightingTable(connection)
  }

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection
  }

  async fill(rows: Iterable<Row>): Promise<void> {
    const appender = await this.#connection.createAppender('sightings')
    let count = 0
    for (const { agent, id, sighting } of rows) {
      appender.appendVarchar(agent)
      appender.appendVarchar(id)
      if (sighting.component.slot === undefined) appender.appendNull()
      else appender.appendVarchar(sighting.component.slot)
      appender.appendVarchar(sighting.sight)
      appender.appendBigInt(sighting.claimedAt)
      appender.appendBigInt(BigInt(sighting.entry))
      appender.endRow()
      count += 1
      if (count % 100_000 === 0) appender.flushSync()
    }
    appender.closeSync()
    await this.#connection.run('CHECKPOINT')
  }

  /** Components that hold at an instant, with their first and last sighting until then: the rule of SPEC.md I3 as SQL. */
  async at(agent: string, at: bigint): Promise<readonly string[]> {
    const reader = await this.#connection.runAndReadAll(
      `WITH seen AS (
         SELECT component, slot, max(moment) FILTER (moment <= $at) AS final, min(moment) FILTER (moment <= $at) AS initial,
                arg_max(entry, moment) FILTER (moment <= $at) AS entry, min(moment) FILTER (moment > $at) AS following
         FROM sightings WHERE agent = $agent GROUP BY component, slot
       ), ranked AS (
         SELECT *, max(final) OVER (PARTITION BY slot) AS newest FROM seen WHERE final IS NOT NULL
       )
       SELECT component, initial, final, entry FROM ranked
       WHERE slot IS NULL OR final = newest OR following - final <= 600000000000 ORDER BY component`,
      { agent, at },
    )
    return reader.getRows().map(([component]) => String(component))
  }

  close(): void {
    this.#connection.closeSync()
  }
}
