import { createHash } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { ZipWriter } from '@holdfast/recorder/testing'
import { verifyAudit } from '../audit.ts'
import { Report } from '../report.ts'
import { canonicalText } from '../strict-json.ts'
import { StrictZip } from '../zip.ts'

type Files = ReadonlyMap<string, Buffer>

/** One thing that somebody with the pack, and without the key of the log, does to an entry of it. */
export type Mutation = { readonly kind: (typeof MUTATIONS)[number]; readonly entry: number; readonly other: number }

export const MUTATIONS = [
  'alter-body',
  'alter-leaf',
  'alter-proof',
  'alter-row',
  'drop',
  'drop-everywhere',
  'reorder',
  'reorder-row',
  'evict-from-row',
] as const

/** What the verifier misses: mutations that it lets pass, or does not name by their entry. Digests of files are made anew each time. */
export function missedMutations(
  pack: string,
  run: { readonly entries: readonly number[]; readonly count: number; readonly random: () => number },
): string[] {
  const files = filesOf(pack)
  const copy = `${pack}.mutated`
  const missed: string[] = []
  for (let i = 0; i < run.count; i++) {
    const at = Math.floor(run.random() * run.entries.length)
    const other = (at + 1 + Math.floor(run.random() * (run.entries.length - 1))) % run.entries.length
    const kind = MUTATIONS[i % MUTATIONS.length] ?? 'drop'
    const mutation = { kind, entry: run.entries[at] ?? 0, other: run.entries[other] ?? 0 }
    writePack(copy, mutated(files, mutation, run.random))
    const { ok, problems } = verifyAudit(copy)
    const why = ok
      ? 'was let pass'
      : problems.some((problem) => names(problem, mutation))
        ? undefined
        : `named ${JSON.stringify(problems.slice(0, 3))}`
    if (why !== undefined) missed.push(`${JSON.stringify(mutation)} ${why}`)
  }
  return missed
}

function names(
  { where, what }: { readonly where: string; readonly what: string },
  { entry, other, kind }: Mutation,
): boolean {
  const wanted = kind === 'reorder' || kind === 'reorder-row' ? [entry, other] : [entry]
  return wanted.some((one) => new RegExp(`entry ${one}\\b|/${one}(\\.|$|\\b)`).test(`${where} ${what}`))
}

function mutated(files: Files, { kind, entry, other }: Mutation, random: () => number): Files {
  const made = new Map(files)
  const ofEntry = (index: number): readonly string[] => [
    `data/entries/${index}.bin`,
    `data/bodies/${index}`,
    `data/proofs/${index}.tlog-proof`,
  ]
  switch (kind) {
    case 'alter-body':
      return made.set(`data/bodies/${entry}`, flipped(made.get(`data/bodies/${entry}`), random))
    case 'alter-leaf':
      return made.set(`data/entries/${entry}.bin`, flipped(made.get(`data/entries/${entry}.bin`), random))
    case 'alter-proof':
      return made.set(`data/proofs/${entry}.tlog-proof`, flipped(made.get(`data/proofs/${entry}.tlog-proof`), random))
    case 'alter-row':
      return withRow(made, (row) => alterItem(row, entry, random))
    case 'drop':
      for (const name of ofEntry(entry)) made.delete(name)
      return made
    case 'drop-everywhere':
      for (const name of ofEntry(entry)) made.delete(name)
      editJson(made, 'data/salts.json', (salts) => withoutEntry(salts, entry))
      return withRow(made, (row) => evict(row, entry))
    case 'reorder':
      for (const [i, name] of ofEntry(entry).entries()) swap(made, name, ofEntry(other)[i] ?? name)
      return made
    case 'reorder-row':
      return withRow(made, (row) => swapEntries(row, entry, other))
    case 'evict-from-row':
      return withRow(made, (row) => evict(row, entry))
  }
}

/** Plain JSON of our own sample, as `sample-row.ts` writes it. */
type Row = {
  items: { events: { entry: number; recordedAt: string }[]; texts: { text: string }[] }[]
  layers: { entries: number[] }[]
  proof: { entries: { entry: number; leaf: string; path: string[] }[] }
}

function withRow(files: Map<string, Buffer>, change: (row: Row) => void): Files {
  editJson(files, 'data/row.json', (value) => {
    change(value as Row)
    return value
  })
  return files
}

function alterItem(row: Row, entry: number, random: () => number): void {
  const item = row.items.find(({ events }) => events[0]?.entry === entry)
  const [event, text] = [item?.events[0], item?.texts[0]]
  if (event !== undefined && random() < 0.5) event.recordedAt = String(BigInt(event.recordedAt) + 1n)
  else if (text !== undefined) text.text = `${text.text} altered`
}

function evict(row: Row, entry: number): void {
  row.items = row.items.filter(({ events }) => events[0]?.entry !== entry)
  for (const layer of row.layers) layer.entries = layer.entries.filter((one) => one !== entry)
  row.proof.entries = row.proof.entries.filter((one) => one.entry !== entry)
}

/** What is told of the one is told of the other, in proof and item alike. */
function swapEntries(row: Row, entry: number, other: number): void {
  const renamed = (index: number): number => (index === entry ? other : index === other ? entry : index)
  for (const { events } of row.items) for (const event of events) event.entry = renamed(event.entry)
  for (const proof of row.proof.entries) proof.entry = renamed(proof.entry)
}

function withoutEntry(salts: unknown, entry: number): unknown {
  return (salts as { entries: number[]; salt: string }[]).map(({ entries, salt }) => ({
    salt,
    entries: entries.filter((one) => one !== entry),
  }))
}

function editJson(files: Map<string, Buffer>, name: string, change: (value: unknown) => unknown): void {
  const value: unknown = JSON.parse(files.get(name)?.toString() ?? 'null')
  files.set(name, Buffer.from(`${canonicalText(change(value))}\n`))
}

function swap(files: Map<string, Buffer>, one: string, other: string): void {
  const [first, second] = [files.get(one), files.get(other)]
  if (first === undefined || second === undefined) return
  files.set(one, second)
  files.set(other, first)
}

function flipped(bytes: Buffer | undefined, random: () => number): Buffer {
  const copy = Buffer.from(bytes ?? [])
  const at = Math.floor(random() * copy.length)
  copy[at] = (copy[at] ?? 0) ^ (1 << Math.floor(random() * 8))
  return copy
}

export function filesOf(path: string): Files {
  const report = new Report()
  using zip = StrictZip.open(path, report)
  const entries = zip?.entries ?? []
  return new Map(entries.map((entry) => [entry.name, Buffer.from(zip?.read(entry, 1 << 30, report) ?? [])]))
}

/** A pack with manifests that fit what is in it: only what the log signed cannot be made anew. */
export function writePack(path: string, files: Files): void {
  const payload = [...files].filter(([name]) => name.startsWith('data/'))
  const manifest = (some: readonly (readonly [string, Buffer])[]): string =>
    some.map(([name, content]) => `${createHash('sha256').update(content).digest('hex')}  ${name}\n`).join('')
  const tags: (readonly [string, Buffer])[] = ['README.txt', 'bagit.txt'].map((name) => [
    name,
    files.get(name) ?? Buffer.alloc(0),
  ])
  const all = [...tags, ['manifest-sha256.txt', Buffer.from(manifest(payload))] as const]
  const zip = new ZipWriter(path)
  for (const [name, content] of [...payload, ...all]) zip.add(name, content)
  zip.add('tagmanifest-sha256.txt', Buffer.from(manifest(all)))
  zip.finish()
  zip[Symbol.dispose]()
}

/** For the test of the harness itself: a pack that is written again as it was. */
export function rewritten(pack: string): string {
  const copy = `${pack}.again`
  writeFileSync(copy, '')
  writePack(copy, filesOf(pack))
  return copy
}
