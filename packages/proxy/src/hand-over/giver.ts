import { createHash, randomBytes } from 'node:crypto'
import { judgeHandOver, type EndProof, type HandOver, type HandOverJudgement } from '@holdfast/model'
import { fieldOf, withField, withoutField, type RawFields } from '../http/forward.ts'
import { PROOF_FRESH_MS, PROOF_RETRY_MS } from '../limits.ts'
import { PROVE, type GivenRequest, type HandOverEnd, type KnownRoster } from './hand-over-end.ts'
import { encodeProof, HAND_OVER_FIELD } from './proof-field.ts'
import { ownProof, proofBy, signed, givenText, takenText, type OwnEnd } from './signed-text.ts'

export type GiverOptions = {
  readonly own: OwnEnd
  /** The agent that is said to stand behind the address. */
  readonly peer: string
  readonly roster: KnownRoster
  /** Sends a message of our own to where the client's would go; rejects where nobody answers. */
  readonly ask: (request: GivenRequest) => Promise<Uint8Array>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/**
 * The end of who gives work away. Before anything goes on, the roster is asked whether the two may, and the other end for its
 * name: it signs a number that was made up for it. Its word holds for a minute. Each request that goes on is signed.
 */
export class Giver implements HandOverEnd {
  readonly #options: GiverOptions
  readonly #handOver: HandOver
  #asked: { readonly proof: Promise<EndProof>; until: number } | undefined

  constructor(options: GiverOptions) {
    this.#options = options
    this.#handOver = { from: options.own.name, to: options.peer }
  }

  async judge({ target, fields }: GivenRequest): ReturnType<HandOverEnd['judge']> {
    const handOver = this.#handOver
    // What may not be whoever stands there is not asked about.
    const before = this.#judged('proven')
    if (before.status === 'refused') return { handOver, judgement: before }
    return { handOver, judgement: this.#judged(await this.#otherEnd(target, fields)) }
  }

  fieldsFor(fields: RawFields, body: Uint8Array): RawFields {
    return signedFields(this.#options, this.#handOver, { fields, body })
  }

  #judged(to: EndProof): HandOverJudgement {
    const { roster, own } = this.#options
    return judgeHandOver(roster(), this.#handOver, { from: ownProof(roster(), own), to })
  }

  #otherEnd(target: string, fields: RawFields): Promise<EndProof> {
    const known = this.#asked
    const now = this.#options.now()
    if (known !== undefined && now < known.until) return known.proof
    const asked = { proof: this.#ask(target, fields), until: now + PROOF_FRESH_MS }
    this.#asked = asked
    // Who did not prove itself may be starting still: it is asked again soon.
    void asked.proof.then((proof) => {
      if (proof !== 'proven') asked.until = this.#options.now() + PROOF_RETRY_MS
    })
    return asked.proof
  }

  async #ask(target: string, given: RawFields): Promise<EndProof> {
    const { ask, roster, peer } = this.#options
    const nonce = randomBytes(16).toString('hex')
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: nonce, method: PROVE, params: { nonce } }))
    // What lets the client in lets in the question too.
    const authorization = fieldOf(given, 'authorization')
    const fields = [
      'content-type',
      'application/json',
      'content-length',
      String(body.length),
      'accept',
      'application/json, text/event-stream',
      ...(authorization === undefined ? [] : ['authorization', authorization]),
    ]
    try {
      const answer = await ask({ target, fields: this.fieldsFor(fields, body), body })
      const signature = signatureIn(answer, nonce)
      return proofBy(roster(), peer, { text: takenText(this.#handOver, nonce), signature })
    } catch {
      // Nobody answers, or not in time: nothing was proven.
      return 'unproven'
    }
  }
}

function signedFields(
  { own, now }: Pick<GiverOptions, 'own' | 'now'>,
  handOver: HandOver,
  { fields, body }: { readonly fields: RawFields; readonly body: Uint8Array },
): RawFields {
  const at = new Date(now()).toISOString()
  const nonce = randomBytes(16).toString('hex')
  const digest = createHash('sha256').update(body).digest('hex')
  const signature = signed(own, givenText(handOver, { at, nonce, digest }))
  if (signature === undefined) return withoutField(fields, HAND_OVER_FIELD)
  return withField(fields, HAND_OVER_FIELD, encodeProof({ ...handOver, at, nonce, digest, signature }))
}

/** Untrusted: whoever stands there answered. */
function signatureIn(answer: Uint8Array, nonce: string): string | undefined {
  try {
    const json: unknown = JSON.parse(Buffer.from(answer).toString('utf8'))
    if (typeof json !== 'object' || json === null || !('id' in json) || json.id !== nonce) return undefined
    if (!('result' in json) || typeof json.result !== 'object' || json.result === null) return undefined
    const { result } = json
    return 'signature' in result && typeof result.signature === 'string' && result.signature.length <= 100
      ? result.signature
      : undefined
  } catch {
    // Not the answer to what was asked.
    return undefined
  }
}
