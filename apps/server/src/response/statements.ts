import type { StatementField } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

type Stated = { readonly value: string; readonly by: string; readonly entry: number }

/** What people state of agents, read from the log on from where it was read last. */
export class Statements {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  /** `agent`, a line feed, `field` -> the last word. */
  readonly #stated = new Map<string, Stated>()
  #read = 0

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  of(agent: string, field: StatementField): Stated | undefined {
    this.#catchUp()
    return this.#stated.get(`${agent}\n${field}`)
  }

  #catchUp(): void {
    const size = this.#reader.size()
    if (size === this.#read) return
    for (const { record, index } of this.#reader.eachControl('agent-statement', { from: this.#read, to: size })) {
      const { agent, field, value, by } = record
      this.#stated.set(`${agent}\n${field}`, { value, by, entry: index })
    }
    this.#read = size
  }
}
