import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agentIdOf, type ControlRecord } from '@holdfast/model'
import { Recorder } from '@holdfast/recorder'
import { groupOf, randomFrom, scratchFolder, steadyClock } from '@holdfast/recorder/testing'
import { beforeAll, expect, test } from 'vitest'
import { verifyBundle } from './bundle.ts'
import { verifyFolder } from './folder.ts'
import { canonicalText } from './strict-json.ts'
import { filesOf, writePack } from './testing/mutate-pack.ts'

const MAIL = 'kim.example@clinic.example'
const BODIES = [
  `{"user.email":"${MAIL}","prompt":"summarise my record","n":1}`,
  '{"prompt":"nothing of hers","n":2}',
  `{"prompt":{"text":"for ${MAIL}"},"n":3}`,
]
const SALTED = '{"n":4}'

const folder = scratchFolder()
const pack = join(folder.path, 'case.zip')
let key = ''
let salts: { salt: string; entries: number[] }[] = []

/** Where a text stands in a body, as a field. */
function hidden(body: string, text: string, field: string, isQuoted = false) {
  const from = body.indexOf(text)
  if (from < 0) throw new RangeError(`${body} has no ${text}`)
  return { from, to: from + text.length, field, ...(isQuoted ? { isQuoted: true as const } : {}) }
}

beforeAll(async () => {
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(), origin: 'log.example/r' })
  key = recorder.publicKey()
  const masks = new Map([[1, [{ rule: 'bearer', start: 2, bytes: 3 }]]])
  await recorder.append([groupOf(BODIES, { masks }), groupOf([SALTED], { service: 'other' })])
  const whole = join(folder.path, 'whole.zip')
  await recorder.exportBundle({ entries: [0, 1, 2, 3], about: {}, out: whole })
  salts = JSON.parse(filesOf(whole).get('data/salts.json')?.toString() ?? '') as typeof salts
  const [first = '', , third = ''] = BODIES
  const summary = await recorder.exportBundle({
    entries: [0, 1, 2, 3],
    about: {},
    out: pack,
    redaction: {
      actionId: randomUUID(),
      by: 'kim',
      target: 'c-1',
      hidden: new Map([
        [0, [hidden(first, MAIL, 'user.email'), hidden(first, 'summarise my record', 'prompt')]],
        [2, [hidden(third, `{"text":"for ${MAIL}"}`, 'prompt', true)]],
      ]),
    },
  })
  expect(summary).toMatchObject({ entries: 5 })
  return () => folder[Symbol.dispose]()
})

test('REG-7 two fields are hidden, and digests in the log prove that the rest is unchanged', () => {
  const { ok, problems, facts } = verifyBundle(pack, { key })
  expect({ ok, problems }).toEqual({ ok: true, problems: [] })
  expect(facts.redacted).toEqual({
    statements: [4],
    entries: 3,
    fields: [
      { field: 'user.email', values: 1, entries: 1 },
      { field: 'prompt', values: 2, entries: 2 },
    ],
  })
  const bodies = [0, 1, 2, 3].map((index) => filesOf(pack).get(`data/bodies/${index}`)?.toString())
  expect(bodies).toEqual([
    '{"user.email":"[redacted]****************","prompt":"[redacted]*********","n":1}',
    BODIES[1],
    `{"prompt":"[redacted]${'*'.repeat(`{"text":"for ${MAIL}"}`.length - 12)}","n":3}`,
    SALTED,
  ])
})

test('REG-7 no file holds what is hidden, nor the salt under which it could be guessed', () => {
  const zip = readFileSync(pack)
  expect(zip.includes(MAIL)).toBe(false)
  expect(zip.includes('summarise my record')).toBe(false)
  const [ofRedacted, ofOther] = [0, 3].map((index) => salts.find(({ entries }) => entries.includes(index))?.salt ?? '')
  expect(ofRedacted).not.toBe('')
  expect(zip.includes(ofRedacted ?? '')).toBe(false)
  // The bytes, and not as text: no statement, salt file or envelope has them either.
  for (const content of filesOf(pack).values())
    expect(content.includes(Buffer.from(ofRedacted ?? '', 'base64'))).toBe(false)
  // An entry under another content key keeps the plain proof.
  expect(zip.includes(ofOther ?? '')).toBe(true)
})

test('REG-7 any byte that was altered in a redacted body is named by its entry, marks included', () => {
  const random = randomFrom(23)
  const files = filesOf(pack)
  const copy = `${pack}.altered`
  for (const index of [0, 1, 2]) {
    const name = `data/bodies/${index}`
    const body = files.get(name) ?? Buffer.alloc(0)
    for (let at = 0; at < body.length; at++) {
      const altered = Buffer.from(body)
      altered[at] = (altered[at] ?? 0) ^ (1 << Math.floor(random() * 8))
      writePack(copy, new Map(files).set(name, altered))
      const named = verifyBundle(copy).problems.filter(({ where }) => where.startsWith(`${name}, bytes `))
      expect(named.length, `${name} byte ${at}`).toBe(1)
    }
  }
})

test('REG-7 a mark cannot be filled, moved or taken back', () => {
  const files = filesOf(pack)
  const first = files.get('data/bodies/0')?.toString() ?? ''
  expect(problemsOf(new Map(files).set('data/bodies/0', Buffer.from(BODIES[0] ?? '')))).toContain(
    'are hidden, but bear no mark of it',
  )
  const moved = first.replace('[redacted]*', '*[redacted]')
  expect(problemsOf(new Map(files).set('data/bodies/0', Buffer.from(moved)))).toContain('bear no mark')
  // The statement says which fields are hidden; nobody can make it say another.
  const statement = files.get('data/bodies/4')?.toString() ?? ''
  const renamed = Buffer.from(statement.replace('"field":"prompt"', '"field":"answer"'))
  expect(problemsOf(new Map(files).set('data/bodies/4', renamed))).toContain('entry 4 commits to')
})

test('REG-7 what was said of one record cannot be said of another, and nothing goes unsaid', () => {
  const files = filesOf(pack)
  const swapped = new Map(files)
  for (const kind of ['entries', 'bodies']) {
    const end = kind === 'entries' ? '.bin' : ''
    const [one, other] = [`data/${kind}/0${end}`, `data/${kind}/1${end}`]
    swapped.set(one, files.get(other) ?? Buffer.alloc(0)).set(other, files.get(one) ?? Buffer.alloc(0))
  }
  expect(problemsOf(swapped)).toContain('has another leaf than the statement about it names')
  const unsaid = new Map(files).set('data/redactions.json', Buffer.from('[]\n'))
  expect(problemsOf(unsaid)).toContain('has neither a salt nor a statement')
  const emptied = JSON.parse(files.get('data/redactions.json')?.toString() ?? '') as { entries: unknown[] }[]
  const short = emptied.map((one) => ({ ...one, entries: one.entries.slice(1) }))
  expect(problemsOf(new Map(files).set('data/redactions.json', Buffer.from(`${canonicalText(short)}\n`)))).toContain(
    'has not the salts that entry 4 asks for',
  )
  const masked = new Map(files).set('data/masks/1.json', Buffer.from('[]'))
  expect(problemsOf(masked)).toContain('is not what the log stated before the export')
})

test('REG-7 whoever has the log can hold a statement against it, and a false one is named', async () => {
  expect(verifyFolder(folder.path)).toMatchObject({ ok: true, problems: [] })
  const statement = filesOf(pack).get('data/bodies/4')?.toString() ?? ''
  const record = JSON.parse(statement) as ControlRecord
  if (record.kind !== 'redaction') throw new TypeError('entry 4 is the statement')
  // What a server could do that wants a false text believed: have another digest signed and logged.
  const [first, ...rest] = record.entries
  const [part, ...parts] = first?.parts ?? []
  if (first === undefined || part === undefined) throw new TypeError('the statement speaks of entries')
  const forged = { ...part, digest: record.entries[1]?.parts[0]?.digest ?? part.digest }
  const entries = [{ ...first, parts: [forged, ...parts] }, ...rest]
  const index = await append({ ...record, entries })
  const { problems } = verifyFolder(folder.path)
  expect(problems).toEqual([
    { where: `statement at entry ${index}`, what: 'says of entry 0 what its leaf does not commit to' },
  ])
})

test('REG-7 a statement outlives the erasure of what it speaks of', async () => {
  using own = scratchFolder()
  const out = join(own.path, 'case.zip')
  {
    await using recorder = await Recorder.open({ folder: own.path, clock: steadyClock() })
    await recorder.append([groupOf(['{"prompt":"secret"}'])])
    const redaction = {
      actionId: 'a',
      by: 'kim',
      target: 'c',
      hidden: new Map([[0, [{ from: 11, to: 17, field: 'p' }]]]),
    }
    await recorder.exportBundle({ entries: [0], about: {}, out, redaction })
    const agent = agentIdOf({ kind: 'host', host: 'box', service: 'support' })
    await recorder.eraseKey({ agent, dataClass: 'content', retention: 'default' }, { by: 'kim', reason: 'asked for' })
  }
  expect(verifyBundle(out)).toMatchObject({ ok: true, facts: { redacted: { statements: [1], entries: 1 } } })
  expect(verifyFolder(own.path)).toMatchObject({ ok: true, facts: { erased: 1 } })
})

test('REG-7 nothing of a record of Holdfast itself can be hidden', async () => {
  using own = scratchFolder()
  await using recorder = await Recorder.open({ folder: own.path, clock: steadyClock() })
  await recorder.appendControl({ kind: 'server', action: 'started', version: '1', detail: 'text' })
  const redaction = { actionId: 'a', by: 'kim', target: 'c', hidden: new Map([[0, [{ from: 1, to: 2, field: 'p' }]]]) }
  const exported = recorder.exportBundle({ entries: [0], about: {}, out: join(own.path, 'case.zip'), redaction })
  await expect(exported).rejects.toMatchObject({ code: 'invalid' })
})

async function append(record: ControlRecord): Promise<number> {
  await using recorder = await Recorder.open({ folder: folder.path, clock: steadyClock(1_800_000_000_000_000_000n) })
  return (await recorder.appendControl(record)).from
}

function problemsOf(files: ReadonlyMap<string, Buffer>): string {
  const copy = `${pack}.altered`
  writePack(copy, files)
  return verifyBundle(copy)
    .problems.map(({ where, what }) => `${where} ${what}`)
    .join('\n')
}
