import type { EntryGroup } from '@holdfast/model'
import { parseJsonText } from '../decode/json-text.ts'
import { ForeignEntries } from '../import/foreign-entries.ts'
import { changeRecord } from './record.ts'

/** Reads one change record that a source handed over, ready to be appended; undefined where it is none or is nobody's. */
export function scanChange(
  text: string,
  arrival: { readonly instance: string; readonly credential: string },
): readonly EntryGroup[] | undefined {
  const json = parseJsonText(text)
  const record = json === undefined ? undefined : changeRecord(json)
  if (record === undefined) return undefined
  const entries = new ForeignEntries(arrival)
  return entries.add(record, text) === undefined ? entries.finish() : undefined
}
