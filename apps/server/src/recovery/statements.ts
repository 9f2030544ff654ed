import type { LogReader } from '@holdfast/recorder'
import type { StatementField } from '@holdfast/model'

/** What was stated of an agent, by field: the last word in log order. */
export type AboutStatements = {
  readonly [Field in StatementField]?: { readonly value: string; readonly by: string; readonly entry: number }
}

/** Statements of one agent in the log. They are few: each is a person's word. */
export function statementsOf(reader: Pick<LogReader, 'controls'>, agent: string): AboutStatements {
  const found: Partial<Record<StatementField, { value: string; by: string; entry: number }>> = {}
  for (const { record, index } of reader.controls('agent-statement'))
    if (record.agent === agent) found[record.field] = { value: record.value, by: record.by, entry: index }
  return found
}
