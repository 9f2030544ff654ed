import type { StatementField } from '@holdfast/model'
import type { LogReader } from '@holdfast/recorder'

type Stated = { readonly value: string; readonly by: string; readonly entry: number }

/** What was stated of an agent, by field: the last word in log order. */
export type AboutStatements = { readonly [Field in StatementField]?: Stated }

/** What people state of agents, read from the log on from where it was read last. */
export class Statements {
  readonly #reader: Pick<LogReader, 'eachControl' | 'size'>
  readonly #stated = new Map<string, AboutStatements>()
  #read = 0

  constructor(reader: Pick<LogReader, 'eachControl' | 'size'>) {
    this.#reader = reader
  }

  of(agent: string, field: StatementField): Stated | undefined {
    return this.about(agent)[field]
  }

  about(agent: string): AboutStatements {
    this.#catchUp()
    return this.#stated.get(agent) ?? {}
  }

  #catchUp(): void {
    const size = this.#reader.size()
    if (size === this.#read) return
    for (const { record, index } of this.#reader.eachControl('agent-statement', { from: this.#read, to: size })) {
      const { agent, field, value, by } = record
      this.#stated.set(agent, { ...this.#stated.get(agent), [field]: { value, by, entry: index } })
    }
    this.#read = size
  }
}
