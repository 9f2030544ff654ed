import { MAX_RECIPIENTS, MAX_RECORD_DEPTH, MAX_RECORD_FIELDS, MAX_RECORDS, MAX_RESULT_CHARACTERS } from '../limits.ts'

/** One record that a result brought. */
export type ReadRecord = {
  /** What kind of thing it is, as the field of its id or the list that holds it says; else the tool. */
  readonly subject: string
  /** As its source has it; undefined where no field of it is an id. */
  readonly id: string | undefined
  readonly fields: readonly string[]
}

/** `unread`: why nothing can be said of its records. `cut`: records beyond the bound. */
export type ReadResult = { readonly records: readonly ReadRecord[]; readonly cut: number; readonly unread?: string }

/** Records in the text of a result. Untrusted; what is no JSON has none that could be told apart. */
export function recordsIn(text: string, tool: string): ReadResult {
  if (text.length > MAX_RESULT_CHARACTERS) return { records: [], cut: 0, unread: 'too long to be read' }
  const value = parsed(text)
  if (value === undefined) return { records: [], cut: 0, unread: 'no JSON: its records cannot be told apart' }
  const found: ReadRecord[] = []
  let cut = 0
  const walk = (at: unknown, subject: string, depth: number, isRow = false): void => {
    if (depth > MAX_RECORD_DEPTH) return
    if (Array.isArray(at)) {
      for (const item of at) walk(item, subject, depth + 1, true)
      return
    }
    if (!isObject(at)) return
    const lists = Object.entries(at).filter(([, member]) => Array.isArray(member) && member.some(isObject))
    // An answer such as `{"status": "queued"}`, or an envelope around lists, is no record: it has no id and is no row.
    if (idOf(at) !== undefined || (isRow && lists.length === 0)) {
      if (found.length < MAX_RECORDS) found.push(recordOf(at, subject))
      else cut += 1
    }
    for (const [name, list] of lists) walk(list, name, depth + 1)
  }
  walk(value, tool, 0)
  return { records: found, cut }
}

/** Where the arguments of a call send something to, as they name it. Untrusted. */
export function recipientsIn(text: string): readonly string[] {
  const value = text.length > MAX_RESULT_CHARACTERS ? undefined : parsed(text)
  const found = new Set<string>()
  const walk = (at: unknown, name: string, depth: number): void => {
    if (depth > MAX_RECORD_DEPTH || found.size >= MAX_RECIPIENTS) return
    if (typeof at === 'string') {
      if (RECIPIENTS.has(name.toLowerCase()) && at !== '') found.add(at.slice(0, 300))
    } else if (Array.isArray(at)) for (const item of at) walk(item, name, depth + 1)
    else if (isObject(at)) for (const [key, item] of Object.entries(at)) walk(item, key, depth + 1)
  }
  walk(value, '', 0)
  return [...found]
}

const RECIPIENTS = new Set(
  'to cc bcc recipient recipients payee beneficiary iban destination webhook url bucket channel host email'.split(' '),
)

function recordOf(value: Readonly<Record<string, unknown>>, subject: string): ReadRecord {
  const own = idOf(value)
  const named = own?.name.replace(/[_-]?id$/i, '')
  return {
    subject: named === undefined || named === '' ? subject : named,
    id: own?.id,
    fields: Object.keys(value)
      .slice(0, MAX_RECORD_FIELDS)
      .map((name) => name.slice(0, 100)),
  }
}

/** `id` itself, else the first member whose name ends as an id's does. */
function idOf(value: Readonly<Record<string, unknown>>): { readonly name: string; readonly id: string } | undefined {
  const members = Object.entries(value).filter(([, id]) => typeof id === 'string' || typeof id === 'number')
  const found =
    members.find(([name]) => /[a-z](?:_id|-id|Id|ID)$|^mrn$/.test(name)) ??
    members.find(([name]) => /^_?id$|^uuid$/i.test(name))
  return found === undefined ? undefined : { name: found[0].slice(0, 100), id: String(found[1]).slice(0, 300) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Captured text need not be JSON: the caller says so.
    return undefined
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
