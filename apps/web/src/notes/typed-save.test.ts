import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type SaveState, TypedSave } from './typed-save.ts'

const isConflict = (error: unknown): boolean => error instanceof RangeError

/** A server that keeps the text of the highest edit, and answers when it is let. */
function slowServer() {
  const kept = { text: '', edit: 0, saves: 0, atOnce: 0, most: 0 }
  const waiting: (() => void)[] = []
  const save = async (text: string, edit: number): Promise<void> => {
    kept.atOnce += 1
    kept.most = Math.max(kept.most, kept.atOnce)
    await new Promise<void>((done) => waiting.push(done))
    kept.atOnce -= 1
    if (edit > kept.edit) Object.assign(kept, { text, edit, saves: kept.saves + 1 })
  }
  const answer = async (): Promise<void> => {
    waiting.shift()?.()
    await new Promise((done) => setImmediate(done))
  }
  return { kept, save, answer, waiting }
}

test('whatever is typed while a save is on its way, the last text is kept, one save at a time', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.oneof(fc.string(), fc.constant(undefined)), { maxLength: 30 }), async (acts) => {
      const server = slowServer()
      const typed = new TypedSave({ save: server.save, onState: () => undefined, isConflict, edit: 0 })
      for (const text of acts) {
        if (text === undefined) await server.answer()
        else typed.type(text)
      }
      while (server.waiting.length > 0) await server.answer()
      const last = acts.findLast((text) => text !== undefined)
      if (last !== undefined) expect(server.kept.text).toBe(last)
      expect(server.kept.most).toBeLessThanOrEqual(1)
      expect(typed.left()).toBeUndefined()
    }),
  )
})

test('the first letter is on its way at once', () => {
  const sent: string[] = []
  const save = (text: string) => (sent.push(text), new Promise(() => undefined))
  const typed = new TypedSave({ save, onState: () => undefined, isConflict, edit: 4 })
  typed.type('t')
  typed.type('th')
  expect(sent).toEqual(['t'])
  expect(typed.left()).toEqual({ text: 'th', edit: 6 })
})

test('a save that fails is said, and the next key sends all of it', async () => {
  const states: SaveState[] = []
  let isDown = true
  const sent: string[] = []
  const save = async (text: string): Promise<void> => {
    if (isDown) throw new Error('no answer from the server')
    sent.push(text)
  }
  const typed = new TypedSave({ save, onState: (state) => states.push(state), isConflict, edit: 0 })
  typed.type('a')
  await new Promise((done) => setImmediate(done))
  expect(states.at(-1)).toEqual({ status: 'failed', why: 'no answer from the server', isOver: false })
  // The end of the page would send it.
  expect(typed.left()).toEqual({ text: 'a', edit: 2 })
  isDown = false
  typed.type('ab')
  await new Promise((done) => setImmediate(done))
  expect(states.at(-1)).toEqual({ status: 'saved' })
  expect(sent).toEqual(['ab'])
})

test('a save that failed is sent again without another key', async () => {
  const sent: string[] = []
  const save = async (text: string): Promise<void> => {
    if (sent.push(text) === 1) throw new Error('no answer from the server')
  }
  const states: SaveState[] = []
  const typed = new TypedSave({ save, onState: (state) => states.push(state), isConflict, edit: 0 })
  typed.type('the last word')
  await new Promise((done) => setImmediate(done))
  typed.again()
  await new Promise((done) => setImmediate(done))
  typed.again()
  expect(sent).toEqual(['the last word', 'the last word'])
  expect(states.at(-1)).toEqual({ status: 'saved' })
})

test('a text that another tab went on with is not typed over', async () => {
  const sent: string[] = []
  const save = async (text: string): Promise<void> => {
    sent.push(text)
    throw new RangeError('edit 7 is saved already: read it again')
  }
  const states: SaveState[] = []
  const typed = new TypedSave({ save, onState: (state) => states.push(state), isConflict, edit: 3 })
  typed.type('old text a')
  await new Promise((done) => setImmediate(done))
  for (const text of ['old text ab', 'old text abc', 'old text abcd', 'old text abcde']) typed.type(text)
  typed.again()
  expect(sent).toEqual(['old text a'])
  expect(states.at(-1)).toMatchObject({ status: 'failed', isOver: true })
  expect(typed.left()).toBeUndefined()
})
