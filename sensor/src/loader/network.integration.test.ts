import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Acts } from '../testing/acts.ts'
import { whyNoKernel } from '../testing/root.ts'
import type { RecordCursor } from './record-cursor.ts'
import { FIELD_TAG, RECORD_TYPE } from './record-layout.ts'

const reason = whyNoKernel()

describe.skipIf(reason !== undefined)(`network (${reason ?? 'with kernel programs'})`, () => {
  let acts: Acts
  beforeAll(() => {
    acts = new Acts()
  })
  afterAll(() => acts[Symbol.dispose]())

  test('both ends of a connection are told, and the bytes that went through under the same cookies', async () => {
    await acts.watch({ flags: 0, act: ['network'] }, async (seen, { output }) => {
      const port = Number(/port (\d+)/.exec(output)?.[1])
      const [bound] = await seen.all(RECORD_TYPE.bind, ends)
      const [connected] = await seen.all(RECORD_TYPE.connect, ends)
      const [accepted] = await seen.all(RECORD_TYPE.accept, ends)
      const flows = await seen.all(RECORD_TYPE.flow, (record) => ({
        bytes: [Number(record.number(0)), Number(record.number(1))],
        isClosed: record.number(4) === 1n,
        ...ends(record),
      }))
      expect(bound).toMatchObject({ local: { port, address: '7f000001' } })
      expect(connected).toMatchObject({ remote: { port, address: '7f000001' }, protocol: 6 })
      expect(accepted).toMatchObject({ local: { port }, remote: { port: connected?.local?.port } })
      expect(connected?.cookie).not.toBe(0n)
      expect(accepted?.cookie).not.toBe(connected?.cookie)
      expect(flows).toEqual([
        { ...connected, bytes: [1000, 10], isClosed: true },
        { ...accepted, bytes: [10, 1000], isClosed: true },
      ])
    })
  })

  test('an abstract unix socket is told by its name', async () => {
    await acts.watch({ flags: 0, act: ['network'] }, async (seen) => {
      const names = await seen.all(RECORD_TYPE.connect, (record) =>
        record.field(FIELD_TAG.remote)?.toString('latin1', 4),
      )
      expect(names.at(-1)).toBe('@holdfast-act')
    })
  })

  test('a question to a name server and its answer are told as they stood in the packet', async () => {
    await acts.watch({ flags: 0, act: ['dns'] }, async (seen) => {
      const question = '123401000001000000000000' + '08686f6c6466617374' + '0474657374' + '0000010001'
      const answer = `12348100${question.slice(8)}`
      const told = await seen.all(RECORD_TYPE.dns, (record) => ({
        direction: Number(record.number(0)),
        message: record.field(FIELD_TAG.dns)?.toString('hex'),
        remote: ends(record).remote,
        hasProcess: record.pid !== 0,
      }))
      const server = { family: 2, port: 53, address: '7f4d5c01' }
      expect(told).toEqual([
        { direction: 0, message: question, remote: server, hasProcess: true },
        { direction: 1, message: answer, remote: server, hasProcess: true },
      ])
    })
  })
})

type End = { readonly family: number; readonly port: number; readonly address: string }
type Ends = { readonly protocol: number; readonly cookie: bigint; readonly local?: End; readonly remote?: End }

function ends(record: RecordCursor): Ends {
  const isFlow = record.type === RECORD_TYPE.flow
  const local = endOf(record.field(FIELD_TAG.local))
  const remote = endOf(record.field(FIELD_TAG.remote))
  return {
    protocol: Number(record.number(isFlow ? 3 : 1)),
    cookie: record.number(2),
    ...(local === undefined ? {} : { local }),
    ...(remote === undefined ? {} : { remote }),
  }
}

function endOf(field: Buffer | undefined): End | undefined {
  if (field === undefined) return undefined
  return { family: field.readUInt16LE(0), port: field.readUInt16LE(2), address: field.toString('hex', 4) }
}
