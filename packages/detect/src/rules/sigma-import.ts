import type { RuleSource } from './compile.ts'
import { guess, RuleFile, type RuleProblem, textUnder, under, type Yaml, type YamlEntry, type YamlMap } from './yaml.ts'

/** A rule file of Sigma with the names of fields that are used here; or what stands in the way, each with its place. */
export type Imported =
  | { readonly kind: 'rule'; readonly text: string }
  | { readonly kind: 'refused'; readonly problems: readonly RuleProblem[] }

/** Log sources of Sigma whose events a sensor sees too, with the names of their fields here; null: what no sensor tells. */
type SourceMap = {
  readonly category: string
  /** What is set beside the rule's own selections, so that it finds the same events. */
  readonly also: string
  readonly fields: Readonly<Record<string, string | null>>
}

const LINUX: Readonly<Record<string, SourceMap>> = {
  process_creation: {
    category: 'kernel',
    also: 'process.action: exec',
    fields: {
      Image: 'process.binary',
      CommandLine: 'process.arguments',
      CurrentDirectory: 'process.cwd',
      ParentImage: null,
      ParentCommandLine: null,
      User: null,
      LogonId: null,
      OriginalFileName: null,
      Hashes: null,
    },
  },
  file_event: {
    category: 'kernel',
    also: 'file.action: [create, write, rename]',
    fields: { TargetFilename: 'file.path', Image: null },
  },
  network_connection: {
    category: 'kernel',
    also: 'connection.action: connect',
    fields: {
      DestinationIp: 'connection.address',
      DestinationPort: 'connection.port',
      DestinationHostname: null,
      Image: null,
      Initiated: null,
    },
  },
}
const DNS: SourceMap = {
  category: 'kernel',
  also: 'dns.action: question',
  fields: { QueryName: 'dns.name', query: 'dns.name', record_type: 'dns.type', Image: null },
}

/**
 * Reads a rule file of Sigma: one that is written for the product `holdfast` stays as it is, one for processes, files, connections or
 * names of Linux gets our names. Correlations go along with the rules beside them. Everything else is refused with its reason.
 * The answer is still to be compiled.
 */
export function fromSigma({ file, text }: Pick<RuleSource, 'file' | 'text'>): Imported {
  const reading = new RuleFile(file)
  const documents = reading.documents(text)
  const edits = documents.flatMap((document) => editsOf(reading, document, text))
  if (documents.length === 0 && reading.problems.length === 0) reading.problem(0, 'the file holds no rule')
  if (reading.problems.length > 0) return { kind: 'refused', problems: reading.problems }
  return { kind: 'rule', text: edited(text, edits) }
}

type Edit = { readonly at: number; readonly until: number; readonly text: string }

function editsOf(file: RuleFile, document: Yaml, text: string): readonly Edit[] {
  if (document.kind !== 'map') {
    file.problem(document.at, 'a rule is a map of keys')
    return []
  }
  if (under(document, 'filter') !== undefined) {
    file.problem(under(document, 'filter')?.at ?? 0, 'filters of Sigma are not supported')
    return []
  }
  if (under(document, 'correlation') !== undefined) return correlationEdits(file, document)
  const source = under(document, 'logsource')
  const detection = under(document, 'detection')?.value
  if (source?.value.kind !== 'map' || detection?.kind !== 'map') {
    file.problem(document.at, 'a rule has a logsource and a detection')
    return []
  }
  const product = textUnder(file, source.value, 'product')
  if (product === 'holdfast') return []
  const category = textUnder(file, source.value, 'category') ?? ''
  const map = category === 'dns' || category === 'dns_query' ? DNS : product === 'linux' ? LINUX[category] : undefined
  if (map === undefined) {
    file.problem(
      source.at,
      `log source ${product ?? 'any product'}, ${category === '' ? 'no category' : category} is not read here: holdfast, or linux with ${Object.keys(LINUX).join(', ')} or dns_query`,
    )
    return []
  }
  return [
    ...sourceEdits(source, map, text),
    ...taxonomyEdits(document),
    ...detectionEdits(file, { detection, map, text }),
  ]
}

/** Fields that a correlation groups by have other names here; only those that its events share are known without a mapping. */
function correlationEdits(file: RuleFile, document: YamlMap): readonly Edit[] {
  const block = under(document, 'correlation')?.value
  const group = block?.kind === 'map' ? under(block, 'group-by')?.value : undefined
  if (group?.kind !== 'list') return []
  return group.items.flatMap((item): readonly Edit[] => {
    const name = item.kind === 'scalar' ? String(item.value) : ''
    if (name.includes('.')) return []
    const ours = [...Object.values(LINUX), DNS]
      .map(({ fields }) => fields[name])
      .find((field) => typeof field === 'string')
    if (ours === undefined || ours === null) {
      file.problem(item.at, `"${name}" has no counterpart here to group by`)
      return []
    }
    return [{ at: item.at, until: item.at + name.length, text: ours }]
  })
}

function sourceEdits({ value }: YamlEntry, { category }: SourceMap, text: string): readonly Edit[] {
  if (value.kind !== 'map') return []
  const last = value.entries.at(-1)?.value
  const until = last?.kind === 'scalar' ? endOf(last, text) : value.at
  return [{ at: value.at, until, text: `{ product: holdfast, category: ${category} }` }].map((edit) =>
    text.charAt(value.at) === '{' ? { ...edit, until: text.indexOf('}', until) + 1 } : edit,
  )
}

function taxonomyEdits(document: YamlMap): readonly Edit[] {
  const taxonomy = under(document, 'taxonomy')?.value
  if (taxonomy?.kind !== 'scalar' || typeof taxonomy.value !== 'string') return []
  return [{ at: taxonomy.at, until: taxonomy.at + taxonomy.value.length, text: 'holdfast' }]
}

type Detection = { readonly detection: YamlMap; readonly map: SourceMap; readonly text: string }

function detectionEdits(file: RuleFile, { detection, map, text }: Detection): readonly Edit[] {
  const condition = under(detection, 'condition')
  const fields = detection.entries.filter(({ key }) => key !== 'condition').flatMap(({ value }) => itemsIn(value))
  const renamed = fields.flatMap(({ key, at }): readonly Edit[] => {
    const [name = ''] = key.split('|')
    const ours = map.fields[name]
    const start = text.indexOf(name, at)
    if (typeof ours === 'string') return [{ at: start, until: start + name.length, text: ours }]
    file.problem(
      at,
      ours === null
        ? `no sensor here tells "${name}"`
        : `there is no field "${name}"${guess(name, Object.keys(map.fields))}`,
    )
    return []
  })
  if (condition?.value.kind !== 'scalar' || typeof condition.value.value !== 'string') {
    file.problem(detection.at, 'the condition is one text')
    return renamed
  }
  const { at } = condition
  const indent = ' '.repeat(at - (text.lastIndexOf('\n', at - 1) + 1))
  const whole = condition.value.value
  return [
    ...renamed,
    {
      at,
      until: endOf(condition.value, text),
      // `them` must not come to mean the part that is added: names that begin with a line below are left out of it.
      text: `_source: { ${map.also} }\n${indent}condition: _source and (${whole})`,
    },
  ]
}

/** Entries of a selection that name fields. */
function itemsIn(value: Yaml): readonly YamlEntry[] {
  if (value.kind === 'map') return value.entries
  return value.kind === 'list' ? value.items.flatMap(itemsIn) : []
}

/** Where a scalar ends in the text, quotes and all. */
function endOf(scalar: Yaml, text: string): number {
  const quote = text.charAt(scalar.at)
  if (quote === "'" || quote === '"') return text.indexOf(quote, scalar.at + 1) + 1
  const line = text.indexOf('\n', scalar.at)
  const end = line === -1 ? text.length : line
  const comment = text.slice(scalar.at, end).search(/\s#|[,}]/)
  return comment === -1 ? end : scalar.at + text.slice(scalar.at, scalar.at + comment).trimEnd().length
}

function edited(text: string, edits: readonly Edit[]): string {
  let result = ''
  let from = 0
  for (const edit of edits.toSorted((a, b) => a.at - b.at)) {
    result += text.slice(from, edit.at) + edit.text
    from = edit.until
  }
  return result + text.slice(from)
}
