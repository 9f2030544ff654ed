import { HUNT_FIELDS, type HuntField } from '@holdfast/model'

const USUAL: readonly HuntField[] = ['agent', 'kind', 'tool', 'destination']
const FIELDS: ReadonlySet<string> = new Set(HUNT_FIELDS)

/** Columns in the address, comma-separated; the usual ones where it names none. */
export function columnsOf(cols: string | undefined): readonly HuntField[] {
  if (cols === undefined) return USUAL
  return cols.split(',').filter((name): name is HuntField => FIELDS.has(name))
}
