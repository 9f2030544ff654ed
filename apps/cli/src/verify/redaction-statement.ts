import { member, parseStrictJson } from './strict-json.ts'

/** What the recorder stated of records that were handed over with fields hidden (recorder/SPEC.md, section 10). */
export type RedactionStatement = {
  readonly actionId: string
  readonly by: string
  readonly envelopes: readonly { readonly envelope: Buffer; readonly digest: Buffer }[]
  readonly entries: readonly StatedEntry[]
}

export type StatedEntry = {
  readonly entry: number
  /** As the leaf has them. */
  readonly body: Buffer
  readonly envelope: Buffer
  readonly masks: Buffer | undefined
  readonly parts: readonly StatedPart[]
}

export type StatedPart = {
  readonly bytes: number
  readonly digest: Buffer
  /** Hidden as the value of this field; undefined where it is handed over. */
  readonly field: string | undefined
  readonly isQuoted: boolean
}

/** Undefined unless the text is the body of a statement, in the form that the recorder writes. */
export function parseRedactionStatement(text: string): RedactionStatement | undefined {
  const value = parseStrictJson(`${text}\n`)?.value
  const [actionId, by] = [member(value, 'actionId'), member(value, 'by')]
  const envelopes = each(member(value, 'envelopes'), (item) => {
    const [envelope, digest] = [digestIn(item, 'envelope'), digestIn(item, 'digest')]
    return envelope && digest && { envelope, digest }
  })
  const entries = each(member(value, 'entries'), entryOf)
  if (member(value, 'kind') !== 'redaction' || typeof actionId !== 'string' || typeof by !== 'string') return undefined
  return envelopes && entries && { actionId, by, envelopes, entries }
}

function entryOf(item: unknown): StatedEntry | undefined {
  const entry = member(item, 'entry')
  const [body, envelope, masks] = [digestIn(item, 'body'), digestIn(item, 'envelope'), digestIn(item, 'masks')]
  const parts = each(member(item, 'parts'), partOf)
  if (!isCount(entry) || body === undefined || envelope === undefined || parts === undefined) return undefined
  if (member(item, 'masks') !== undefined && masks === undefined) return undefined
  return { entry, body, envelope, masks, parts }
}

function partOf(item: unknown): StatedPart | undefined {
  const [bytes, field, isQuoted] = [member(item, 'bytes'), member(item, 'field'), member(item, 'isQuoted')]
  const digest = digestIn(item, 'digest')
  if (!isCount(bytes) || digest === undefined) return undefined
  if (field !== undefined && typeof field !== 'string') return undefined
  return { bytes, digest, field, isQuoted: isQuoted === true }
}

function digestIn(item: unknown, name: string): Buffer | undefined {
  const text = member(item, name)
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text) ? Buffer.from(text, 'hex') : undefined
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0
}

/** All items as they were read; undefined where one of them, or the list itself, is something else. */
function each<T>(list: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(list)) return undefined
  const items = list.flatMap((item) => read(item) ?? [])
  return items.length === list.length ? items : undefined
}

/** What takes the place of hidden bytes: as many of them, the same each time. */
export function redactionMark({ bytes, isQuoted }: Pick<StatedPart, 'bytes' | 'isQuoted'>): Buffer {
  if (isQuoted && bytes < 2) return Buffer.alloc(bytes, '0')
  const room = isQuoted ? bytes - 2 : bytes
  const word = '[redacted]'
  const text = room < word.length ? '*'.repeat(room) : word + '*'.repeat(room - word.length)
  return Buffer.from(isQuoted ? `"${text}"` : text)
}
