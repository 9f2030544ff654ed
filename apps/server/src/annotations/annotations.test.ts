import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Body } from '@holdfast/api'
import type { UnixNano } from '@holdfast/model'
import { LogReader, Recorder } from '@holdfast/recorder'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ViewError } from '../views/client.ts'
import { type AnnotationSources, Annotations } from './annotations.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-annotations-'))
const clock = { now: 1_790_000_000_000_000_000n }
const ann = { name: 'ann', isAdmin: false }
const ben = { name: 'ben', isAdmin: false }
const admin = { name: 'root', isAdmin: true }
let recorder: Recorder
let reader: LogReader
let sources: AnnotationSources

beforeAll(async () => {
  recorder = await Recorder.open({ folder, clock: () => clock.now++ as UnixNano }) // in range
  reader = LogReader.open({ folder })
  const views = {
    ask: async (_question: string, { incident }: { readonly incident?: string }) => {
      if (incident === 'inc-none') throw new ViewError(404, 'no such incident')
      const one = incident === 'inc-old' ? 'inc-new' : incident
      return JSON.stringify({ id: one, alsoKnownAs: one === 'inc-new' ? ['inc-old'] : [] })
    },
  } as AnnotationSources['views'] // whether there is such a subject is all that is asked
  sources = { recorder, reader, views }
})
afterAll(async () => {
  reader[Symbol.dispose]()
  await recorder[Symbol.asyncDispose]()
  rmSync(folder, { recursive: true, force: true })
})

function note(text: string, edit: number, subject = 'inc-1'): Body<'putAnnotation'> {
  return { type: 'note', subject: { kind: 'incident', id: subject }, text, edit }
}

test('what is typed further replaces what was saved, and a start reads the last of it from the log', async () => {
  const annotations = new Annotations(sources)
  const first = await annotations.save('note-typed', note('the ma', 1), ann)
  const last = await annotations.save('note-typed', note('the mail was forged', 2), ann)
  expect(last.entries).toEqual([first.entries[0], expect.any(Number)])
  expect(BigInt(last.editedAt)).toBeGreaterThan(BigInt(last.at))
  expect((await new Annotations(sources).list({ kind: 'incident', subject: 'inc-1' })).items).toEqual([last])
})

test('a save that comes late does not undo a later one, whichever way they were sent', async () => {
  const annotations = new Annotations(sources)
  await annotations.save('note-late', note('all of it', 3, 'inc-2'), ann)
  await expect(annotations.save('note-late', note('all', 2, 'inc-2'), ann)).rejects.toMatchObject({ status: 409 })
  expect((await annotations.list({ kind: 'incident', subject: 'inc-2' })).items[0]?.text).toBe('all of it')
})

test('the same save twice, at the same time, is one record', async () => {
  const annotations = new Annotations(sources)
  const size = recorder.size
  const [a, b] = await Promise.all([
    annotations.save('note-twice', note('once', 1), ann),
    annotations.save('note-twice', note('once', 1), ann),
  ])
  expect(a).toEqual(b)
  expect(recorder.size).toBe(size + 1)
})

test('only its writer changes a note; an admin may take it out of sight, and it stays in the log', async () => {
  const annotations = new Annotations(sources)
  await annotations.save('note-of-ann', note('mine', 1, 'inc-3'), ann)
  await expect(annotations.save('note-of-ann', note('yours', 2, 'inc-3'), ben)).rejects.toMatchObject({ status: 403 })
  await expect(annotations.remove('note-of-ann', ben)).rejects.toMatchObject({ status: 403 })
  await annotations.remove('note-of-ann', admin)
  expect((await annotations.list({ kind: 'incident', subject: 'inc-3' })).total).toBe(0)
  expect((await new Annotations(sources).list({ kind: 'incident', subject: 'inc-3' })).total).toBe(0)
  const recorded = reader.controls('annotation').map(({ record }) => record)
  expect(recorded).toContainEqual(expect.objectContaining({ annotation: 'note-of-ann', text: 'mine' }))
})

test('a note stays in sight when its incident turns out to be another, under either name', async () => {
  const annotations = new Annotations(sources)
  const kept = await annotations.save('note-of-old', note('ours', 1, 'inc-old'), ann)
  for (const subject of ['inc-new', 'inc-old'])
    expect((await annotations.list({ kind: 'incident', subject })).items).toEqual([kept])
  expect((await annotations.list({ kind: 'incident', subject: 'inc-none' })).total).toBe(0)
})

test('a bookmark keeps its place, with its time in one form', async () => {
  const annotations = new Annotations(sources)
  const place = { node: 'n-1', at: '2026-11-21T12:00:00+02:00', path: '/conversations/c?view=tree' }
  const body = { type: 'bookmark', subject: { kind: 'conversation', id: 'c' }, place, text: '', edit: 1 } as const
  const { place: kept } = await annotations.save('mark-place', body, ann)
  expect(kept).toEqual({ ...place, at: '2026-11-21T10:00:00Z' })
  await expect(annotations.save('mark-wrong', { ...body, place: { at: 'yesterday' } }, ann)).rejects.toMatchObject({
    status: 400,
  })
})

test('an incident that there is none of takes no note', async () => {
  const annotations = new Annotations(sources)
  await expect(annotations.save('note-none', note('?', 1, 'inc-none'), ann)).rejects.toMatchObject({ status: 404 })
  expect((await annotations.list({ type: 'note' })).items.some(({ id }) => id === 'note-none')).toBe(false)
})
