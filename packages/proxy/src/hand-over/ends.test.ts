import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto'
import type { HandOverJudgement, Roster } from '@holdfast/model'
import { expect, test } from 'vitest'
import { Giver } from './giver.ts'
import type { GivenRequest } from './hand-over-end.ts'
import { HAND_OVER_FIELD } from './proof-field.ts'
import { Taker } from './taker.ts'

const [desk, billing, stranger] = [pair(), pair(), pair()]
const roster: Pick<Roster, 'mode' | 'agents'> = {
  mode: 'closed',
  agents: [entry('desk', desk, ['billing']), entry('billing', billing, ['desk']), entry('mail', stranger, ['billing'])],
}

function pair(): { readonly key: KeyObject; readonly raw: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519')
  return { key: privateKey, raw: publicKey.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64') }
}

function entry(agent: string, { raw }: { readonly raw: string }, peers: readonly string[]) {
  return {
    agent,
    owner: 'o',
    version: '1',
    key: raw,
    peers,
    class: 'support',
    dataClasses: [],
    state: 'active' as const,
  }
}

/** Both ends, the giver's question going straight to the taker. Time stands still unless told. */
function ends({
  from = { name: 'desk', key: desk.key },
  to = { name: 'billing', key: billing.key },
  peer = 'billing',
  clock = { now: 1_800_000_000_000 },
}: {
  readonly from?: { readonly name: string; readonly key: KeyObject | undefined }
  readonly to?: { readonly name: string; readonly key: KeyObject | undefined }
  readonly peer?: string
  readonly clock?: { now: number }
} = {}) {
  const now = () => clock.now
  const taker = new Taker({ own: to, roster: () => roster, now })
  let asked = 0
  const ask = async (request: GivenRequest): Promise<Uint8Array> => {
    asked += 1
    const { answer, judgement } = await taker.judge(request)
    if (answer === undefined) throw new Error(judgement.status)
    return answer
  }
  const giver = new Giver({ own: from, peer, roster: () => roster, ask, now })
  return { giver, taker, asked: () => asked }
}

const BODY = Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"refund"}}')
const request = (fields: readonly string[] = [], body: Uint8Array = BODY): GivenRequest => ({
  target: '/mcp',
  fields,
  body,
})
const told = async (end: Giver | Taker, given: GivenRequest): Promise<HandOverJudgement> =>
  (await end.judge(given)).judgement

test('both ends prove their names, and each message passes once', async () => {
  const { giver, taker, asked } = ends()
  expect(await told(giver, request())).toEqual({ status: 'allowed' })
  expect(await told(giver, request())).toEqual({ status: 'allowed' })
  expect(asked()).toBe(1)
  const fields = giver.fieldsFor([], BODY)
  expect(await told(taker, request(fields))).toEqual({ status: 'allowed' })
  expect(await told(taker, request(fields))).toMatchObject({ status: 'refused', fault: 'unproven' })
  expect(taker.fieldsFor(fields)).toEqual([])
})

test('the other end is asked again once its word is a minute old', async () => {
  const clock = { now: 1_800_000_000_000 }
  const { giver, asked } = ends({ clock })
  await giver.judge(request())
  clock.now += 59_999
  await giver.judge(request())
  expect(asked()).toBe(1)
  clock.now += 1
  await giver.judge(request())
  expect(asked()).toBe(2)
})

test('a proof is of its own bytes, its own receiver and its own time', async () => {
  const clock = { now: 1_800_000_000_000 }
  const { giver, taker } = ends({ clock })
  const other = request(giver.fieldsFor([], BODY), Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/list"}'))
  expect(await told(taker, other)).toMatchObject({ fault: 'unproven' })
  const { giver: toMail } = ends({ peer: 'mail', clock })
  expect(await told(taker, request(toMail.fieldsFor([], BODY)))).toMatchObject({ fault: 'unproven' })
  const early = giver.fieldsFor([], BODY)
  clock.now += 300_001
  expect(await told(taker, request(early))).toMatchObject({ fault: 'unproven' })
})

test('right name, wrong key: either end is refused as an impersonation', async () => {
  const giving = ends({ from: { name: 'desk', key: stranger.key } })
  expect(await told(giving.giver, request())).toMatchObject({ status: 'refused', fault: 'impersonation' })
  const proof = giving.giver.fieldsFor([], BODY)
  expect(await told(giving.taker, request(proof))).toMatchObject({ status: 'refused', fault: 'impersonation' })
  // The taker answers with a key that is not billing's: nothing is handed to it.
  const taking = ends({ to: { name: 'billing', key: stranger.key } })
  const answer = await taking.taker.judge(request(taking.giver.fieldsFor([], BODY)))
  expect(answer.judgement).toMatchObject({ status: 'refused', fault: 'impersonation' })
  const borne = new Giver({
    own: { name: 'desk', key: desk.key },
    peer: 'billing',
    roster: () => roster,
    ask: async ({ body }) => {
      const { id, params } = JSON.parse(Buffer.from(body).toString()) as { id: string; params: { nonce: string } }
      const text = `holdfast hand-over answer v1\ndesk\nbilling\n${params.nonce}\n`
      const signature = sign(null, Buffer.from(text), stranger.key).toString('base64')
      return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, result: { signature } }))
    },
    now: () => 0,
  })
  expect(await told(borne, request())).toMatchObject({ status: 'refused', fault: 'impersonation' })
})

test('a peer outside the list is refused before it is asked for its name', async () => {
  const { giver, asked } = ends({ peer: 'mail' })
  expect(await told(giver, request())).toMatchObject({ status: 'refused', fault: 'outside-peers' })
  expect(asked()).toBe(0)
  const { taker } = ends()
  const { giver: mail } = ends({ from: { name: 'mail', key: stranger.key } })
  expect(await told(taker, request(mail.fieldsFor([], BODY)))).toMatchObject({
    fault: 'outside-peers',
    reasons: ['mail is no peer of billing'],
  })
})

test.each([undefined, 'x', Buffer.from('{}').toString('base64url'), Buffer.from('[1').toString('base64url')])(
  'a field %s proves nothing, and neither does silence',
  async (field) => {
    const { taker } = ends()
    const fields = field === undefined ? [] : [HAND_OVER_FIELD, field]
    expect(await told(taker, request(fields))).toMatchObject({ status: 'refused', fault: 'outside-peers' })
  },
)

test('an end that does not answer is not handed anything', async () => {
  const { giver } = ends({ to: { name: 'billing', key: undefined } })
  expect(await told(giver, request())).toMatchObject({ status: 'refused', fault: 'unproven' })
})
