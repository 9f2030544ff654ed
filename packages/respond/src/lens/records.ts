import { MAX_RECIPIENTS, MAX_RECORD_DEPTH, MAX_RECORD_FIELDS, MAX_RECORDS, MAX_RESULT_CHARACTERS } from '../limits.ts'

/** One record that a result brought. */
export type ReadRecord = {
  /** What kind of thing it is, as the field of its id or the list that holds it says; else the tool. */
  readonly subject: string
  /** As its source has it; undefined where no field of it is an id. */
  readonly id: string | undefined
  readonly fields: readonly string[]
}

/** `unread`: why its records are not known, or not all of them. `cut`: records beyond the bound. */
export type ReadResult = { readonly records: readonly ReadRecord[]; readonly cut: number; readonly unread?: string }

/** Records in the text of a result, whatever it is wrapped in. Untrusted; what is no JSON has none that could be told apart. */
export function recordsIn(text: string, tool: string): ReadResult {
  if (text.length > MAX_RESULT_CHARACTERS) return { records: [], cut: 0, unread: 'too long to be read' }
  const value = parsed(text)
  if (value === undefined) return { records: [], cut: 0, unread: NO_JSON }
  const walk = new RecordWalk()
  walk.into(value, { subject: tool, depth: 0, isRow: false })
  const { records, cut } = walk
  const unread = walk.unread()
  return { records, cut, ...(unread === undefined ? {} : { unread }) }
}

type Place = { readonly subject: string; readonly depth: number; readonly isRow: boolean }

/** One walk over a result: what it found, and what it could not look into. */
class RecordWalk {
  readonly records: ReadRecord[] = []
  cut = 0
  #isDeep = false
  #isPartlyText = false
  #hasEmptyList = false

  into(at: unknown, place: Place): void {
    const { subject, depth } = place
    if (depth > MAX_RECORD_DEPTH) {
      this.#isDeep ||= typeof at === 'object' && at !== null
      return
    }
    if (typeof at === 'string') this.#text(at, place)
    else if (Array.isArray(at)) this.#list(at, place)
    else if (isObject(at) && 'jsonrpc' in at) this.into(at['result'], { subject, depth: depth + 1, isRow: false })
    else if (isObject(at) && isToolAnswer(at)) this.#answer(at, place)
    else if (isObject(at)) this.#object(at, place)
  }

  /** Why not everything is known; undefined where it is. A list without rows is known: it brought none. */
  unread(): string | undefined {
    if (this.#isDeep) return 'nested too deep to be read whole'
    if (this.#isPartlyText) return this.records.length === 0 ? NO_JSON : 'part of it is no JSON'
    return this.records.length > 0 || this.#hasEmptyList ? undefined : 'no record can be told apart in it'
  }

  get #found(): number {
    return this.records.length + this.cut
  }

  #keep(record: () => ReadRecord): void {
    if (this.records.length < MAX_RECORDS) this.records.push(record())
    else this.cut += 1
  }

  /** JSON in a string of JSON. Any other text may tell of records, which cannot be told apart. */
  #text(text: string, { subject, depth }: Place): void {
    const value = /^\s*["[{]/.test(text) ? parsed(text) : undefined
    if (value === undefined) this.#isPartlyText = true
    else this.into(value, { subject, depth: depth + 1, isRow: false })
  }

  #list(list: readonly unknown[], { subject, depth }: Place): void {
    if (list.length === 0) this.#hasEmptyList = true
    if (list.length > 0 && list.every(isPart))
      for (const part of list) this.#part(part, { subject, depth, isRow: true })
    else
      for (const item of list) if (typeof item === 'object') this.into(item, { subject, depth: depth + 1, isRow: true })
  }

  /** A part of a tool's answer is no row: what it holds is. */
  #part(part: Part, { subject, depth }: Place): void {
    const resource = isObject(part['resource']) ? part['resource'] : part
    if (typeof part['text'] === 'string') this.#text(part['text'], { subject, depth: depth + 1, isRow: false })
    else if (typeof resource['uri'] === 'string') {
      const id = resource['uri'].slice(0, 300)
      this.#keep(() => ({ subject: 'resource', id, fields: [] }))
    } else this.#isPartlyText = true
  }

  /** Its structured form says the same as its text, and better. */
  #answer(answer: Readonly<Record<string, unknown>>, { subject, depth }: Place): void {
    const inside = { subject, depth: depth + 1, isRow: false }
    const before = this.#found
    if (isObject(answer['structuredContent'])) this.into(answer['structuredContent'], inside)
    if (this.#found === before) this.into(answer['content'], inside)
  }

  #object(at: Readonly<Record<string, unknown>>, { subject, depth, isRow }: Place): void {
    const members = Object.entries(at)
    const hasLists = members.some(([, member]) => Array.isArray(member) && member.some(isObject))
    const isIdentified = idOf(at) !== undefined
    const isPlain = members.some(([, member]) => typeof member !== 'object')
    // An answer such as `{"status": "queued"}`, or an envelope around lists, is no record: it has no id and is no row.
    const isRecord = isIdentified || (isRow && !hasLists && isPlain)
    if (isRecord) this.#keep(() => recordOf(at, subject))
    const before = this.#found
    for (const [name, member] of members) {
      // Texts of a record are its fields; those of an envelope may hold what it is around.
      const isWrapped = !isRecord && typeof member === 'string' && /^\s*[[{]/.test(member)
      if (isWrapped || (typeof member === 'object' && member !== null))
        this.into(member, { subject: name, depth: depth + 1, isRow: false })
    }
    if (isRow && !isRecord && this.#found === before && !this.#isDeep) this.#keep(() => recordOf(at, subject))
  }
}

const NO_JSON = 'no JSON: its records cannot be told apart'

type Part = Readonly<Record<string, unknown>>

const PARTS = new Set('text image audio resource resource_link output_text input_text'.split(' '))

function isPart(value: unknown): value is Part {
  if (!isObject(value) || typeof value['type'] !== 'string' || !PARTS.has(value['type'])) return false
  return ['text', 'data', 'resource', 'uri', 'image_url', 'source'].some((name) => name in value)
}

/** As tools answer over MCP: parts, and the same in a structured form. */
function isToolAnswer(value: Readonly<Record<string, unknown>>): boolean {
  const { content, structuredContent } = value
  return isObject(structuredContent) || (Array.isArray(content) && content.length > 0 && content.every(isPart))
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
