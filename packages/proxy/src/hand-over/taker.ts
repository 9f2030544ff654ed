import { createHash } from 'node:crypto'
import { judgeHandOver, type EndProof, type HandOver } from '@holdfast/model'
import { fieldOf, withoutField, type RawFields } from '../http/forward.ts'
import { MAX_NONCES, PROOF_AGE_MS } from '../limits.ts'
import { PROVE, type GivenRequest, type HandOverEnd, type KnownRoster } from './hand-over-end.ts'
import { HAND_OVER_FIELD, parseProof, type ProofField } from './proof-field.ts'
import { givenText, ownProof, proofBy, signed, takenText, type OwnEnd } from './signed-text.ts'

export type TakerOptions = {
  readonly own: OwnEnd
  readonly roster: KnownRoster
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Who hands work over without saying who it is. */
const UNNAMED = 'unnamed'

/** The end of who takes work: each request names its giver and proves it, once and for these bytes alone. */
export class Taker implements HandOverEnd {
  readonly #options: TakerOptions
  /** Numbers that were used, with the time at which the proof they stand in is too old anyway. */
  readonly #used = new Map<string, number>()

  constructor(options: TakerOptions) {
    this.#options = options
  }

  async judge(request: GivenRequest): ReturnType<HandOverEnd['judge']> {
    const { own, roster } = this.#options
    const proof = parseProof(fieldOf(request.fields, HAND_OVER_FIELD))
    const handOver: HandOver = { from: proof?.from ?? UNNAMED, to: own.name }
    const from = proof === undefined ? 'unproven' : this.#proofOf(proof, request.body)
    const judgement = judgeHandOver(roster(), handOver, { from, to: ownProof(roster(), own) })
    const asked = proof === undefined ? undefined : askedIn(request.body)
    if (asked === undefined || judgement.status === 'refused') return { handOver, judgement }
    return { handOver, judgement, answer: this.#answer(handOver, asked) }
  }

  fieldsFor(fields: RawFields): RawFields {
    return withoutField(fields, HAND_OVER_FIELD)
  }

  #proofOf({ from, to, at, nonce, digest, signature }: ProofField, body: Uint8Array): EndProof {
    const { own, roster, now } = this.#options
    const text = givenText({ from, to }, { at, nonce, digest })
    const proof = proofBy(roster(), from, { text, signature })
    if (proof !== 'proven') return proof
    // Its key made it: for another agent, for other bytes, or at another time proves nothing here.
    if (to !== own.name || digest !== createHash('sha256').update(body).digest('hex')) return 'unproven'
    if (Math.abs(now() - Date.parse(at)) > PROOF_AGE_MS) return 'unproven'
    return this.#isFirst(nonce) ? 'proven' : 'unproven'
  }

  #isFirst(nonce: string): boolean {
    const now = this.#options.now()
    for (const [used, until] of this.#used) {
      if (until > now) break
      this.#used.delete(used)
    }
    // Full: a number that could not be kept could be used again.
    if (this.#used.has(nonce) || this.#used.size >= MAX_NONCES) return false
    this.#used.set(nonce, now + 2 * PROOF_AGE_MS)
    return true
  }

  #answer(handOver: HandOver, { id, nonce }: Asked): Uint8Array {
    const signature = signed(this.#options.own, takenText(handOver, nonce))
    const said = signature === undefined ? { error: { code: -32_084, message: 'no key' } } : { result: { signature } }
    return Buffer.from(JSON.stringify({ jsonrpc: '2.0', id, ...said }))
  }
}

type Asked = { readonly id: string; readonly nonce: string }

/** The question for our name, where the message is one. Untrusted. */
function askedIn(body: Uint8Array): Asked | undefined {
  // Longer messages are none of it.
  if (body.length > 1_024) return undefined
  try {
    const json: unknown = JSON.parse(Buffer.from(body).toString('utf8'))
    if (typeof json !== 'object' || json === null || !('method' in json) || json.method !== PROVE) return undefined
    if (!('id' in json) || typeof json.id !== 'string' || !/^[0-9a-f]{32}$/.test(json.id)) return undefined
    return { id: json.id, nonce: json.id }
  } catch {
    // No JSON: a message of its own.
    return undefined
  }
}
