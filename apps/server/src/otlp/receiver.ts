import { countDataPoints, maskSecrets, scanOtlp } from '@holdfast/capture'
import type { OtlpEncoding, Rejection, Scanned } from '@holdfast/capture'
import type { CapturePolicy, TrustTier } from '@holdfast/model'
import type { Signal } from './answer-bytes.ts'
import { isLoopback } from './connections.ts'
import { MAX_IN_FLIGHT_BYTES, MAX_IN_FLIGHT_BYTES_PER_SENDER, MAX_QUEUED_BYTES_PER_SENDER } from './limits.ts'
import { MemoryBudget } from './memory-budget.ts'
import { REFUSALS, refused } from './outcome.ts'
import type { Outcome, Refused, RefusalCode } from './outcome.ts'
import { noCounts } from './sink.ts'
import type { OtlpCounts, OtlpSink } from './sink.ts'

/** A sender that may send, before its body is read. */
export type Sender = { readonly address: string; readonly credential: string; readonly tier: TrustTier }

/** One request whose bytes are there. */
type Received = {
  readonly signal: Signal
  readonly encoding: OtlpEncoding
  readonly body: Uint8Array
  readonly instance: string
  readonly sender: Sender
  /** Servers that passed it on. */
  readonly hops?: readonly string[]
}

/** What both listeners do with a request once its bytes are there; HTTP and gRPC only differ in how they speak. */
export class Receiver {
  readonly counts: OtlpCounts = noCounts()
  /** Bytes of requests being read. */
  readonly memory = new MemoryBudget({
    totalBytes: MAX_IN_FLIGHT_BYTES,
    senderBytes: MAX_IN_FLIGHT_BYTES_PER_SENDER,
  })
  /** Bytes that wait for the disk, by agent on loopback and by key elsewhere. */
  readonly #queued = new MemoryBudget({
    totalBytes: MAX_IN_FLIGHT_BYTES,
    senderBytes: MAX_QUEUED_BYTES_PER_SENDER,
  })
  readonly #sink: OtlpSink

  constructor(sink: OtlpSink) {
    this.#sink = sink
  }

  /** Whether the sender may send at all, decided before a byte of its body is read. */
  admit(address: string, authorization: string | undefined): Sender | Refused {
    const admission =
      this.#sink.admit?.({ address, authorization }) ??
      (isLoopback(address)
        ? ({ status: 'admitted', credential: 'loopback', tier: 'self-reported' } as const)
        : ({ status: 'refused', reason: 'only senders on this machine may send without a key' } as const))
    if (admission.status === 'refused') return refused('unauthenticated', admission.reason)
    const { credential, tier } = admission
    const objection = objectionOf(this.#sink.policy(), { address, credential })
    return objection === undefined ? { address, credential, tier } : refused('no-policy', objection) // FC15
  }

  /** Stores a request. Resolves once it is durable, or says why not; counts either way. */
  async receive(request: Received): Promise<Outcome> {
    const { signal, encoding, body, instance, sender } = request
    this.counts.requests += 1
    if (signal === 'metrics') return this.#count(request)
    const { credential, tier } = sender
    const scanned = scanOtlp({ signal, encoding, body, arrival: { instance, credential, tier } })
    if (scanned.status === 'malformed') return refused('malformed', scanned.message)
    const outcome = await this.#append(scanned, request)
    if (outcome.status === 'stored') this.#note(scanned, sender)
    return outcome
  }

  /** Whether a request came through this server before. */
  isOwn(hops: readonly string[]): boolean {
    const { forward } = this.#sink
    return forward !== undefined && hops.includes(forward.hop)
  }

  /** Counts a refusal so that the loss is on record (FC4). */
  refuse(refusal: Refused, sender: string): void {
    this.counts.refused += 1
    const { gap } = REFUSALS[refusal.code]
    if (gap === undefined) return
    const { records, message } = refusal
    this.#sink.refused({
      sender,
      channel: 'otlp',
      reason: gap,
      ...(records === undefined ? {} : { records }),
      detail: message,
    })
  }

  #count({ signal, encoding, body, hops = [] }: Received): Outcome {
    const counted = countDataPoints(encoding, body)
    if (counted.status === 'malformed') return refused('malformed', counted.message)
    this.counts.dataPoints += counted.dataPoints
    const { forward } = this.#sink
    if (forward !== undefined) {
      maskSecrets(body, encoding === 'json' ? 'json' : 'metrics')
      forward.offer({ signal, encoding, body, records: counted.dataPoints, hops })
    }
    return { status: 'stored', rejected: 0, message: '' }
  }

  async #append(scanned: Extract<Scanned, { status: 'scanned' }>, request: Received): Promise<Outcome> {
    const { sender, body } = request
    const { groups, accepted, rejected } = scanned
    const count = rejected.reduce((sum, { records }) => sum + records, 0)
    const stored: Outcome = { status: 'stored', rejected: count, message: messageOf(rejected) }
    const first = groups[0]
    if (first === undefined) return stored
    using lease = this.#queued.lease(sender.credential === 'loopback' ? first.envelope.agent : sender.credential)
    const overload = lease.take(body.length)
    if (overload !== undefined) return refused(overload, 'too much waits for the disk: try again later', accepted)
    try {
      const receipt = await this.#sink.append(groups)
      this.counts.stored += receipt.stored
      this.counts.duplicates += receipt.duplicates
      if (receipt.stored > 0) this.#passOn(request, { accepted, rejected: count })
      return stored
    } catch (error) {
      // Nothing of the request is stored: the sender is told so, and to try again unless it can never be stored.
      const code = APPEND_REFUSALS.get(errorCode(error)) ?? 'unavailable'
      return refused(code, error instanceof Error ? error.message : 'the log cannot be written now', accepted)
    }
  }

  /**
   * Of what is durable and was not there before: a retry has been passed on, and so has what comes back by a way that keeps no
   * header. With a record that was refused all of it stays here, because such a one may hold a credential that was not found.
   */
  #passOn(
    { signal, encoding, body, hops = [] }: Received,
    { accepted, rejected }: { readonly accepted: number; readonly rejected: number },
  ): void {
    const { forward } = this.#sink
    if (rejected > 0) forward?.lose('rejected-in-part', accepted)
    else forward?.offer({ signal, encoding, body, records: accepted, hops })
  }

  /** Nothing is lost but the list: which credentials were masked, and where. */
  #noteUnlisted(masks: number, sender: Sender): void {
    if (masks === 0) return
    this.counts.masked += masks
    this.counts.masksUnlisted += masks
    this.#sink.refused({
      sender: senderName(sender),
      channel: 'otlp',
      reason: 'masks-unlisted',
      detail: `${masks} masked credentials of a request are not listed with its records`,
    })
  }

  #note(scanned: Extract<Scanned, { status: 'scanned' }>, sender: Sender): void {
    this.counts.attributesOverLimit += scanned.attributesOverLimit
    this.counts.termsDropped += scanned.termsDropped
    this.#noteUnlisted(scanned.masksUnlisted, sender)
    for (const group of scanned.groups) {
      for (const masks of group.masks.values()) this.counts.masked += masks.length
    }
    for (const { reason, records } of scanned.rejected) {
      this.counts.rejected += records
      this.#sink.refused({
        sender: senderName(sender),
        channel: 'otlp',
        reason: 'refused-rejected-records',
        records,
        detail: reason,
      })
    }
  }
}

/** How a sender is named in a gap: by its key, or by its address where it has none. */
export function senderName(sender: Sender): string {
  return sender.credential === 'loopback' ? sender.address : sender.credential
}

/** Why the policy does not let this sender's telemetry be stored, if it does not. */
function objectionOf(
  policy: CapturePolicy | undefined,
  sender: { readonly address: string; readonly credential: string },
): string | undefined {
  if (policy === undefined) return 'no capture policy is set: nothing is stored'
  if (policy.senders === 'loopback' && !isLoopback(sender.address)) {
    return `the capture policy ${policy.name} admits only senders on this machine`
  }
  if (policy.senders === 'authenticated' && sender.credential === 'loopback') {
    return `the capture policy ${policy.name} admits only senders with a key`
  }
  // Masking of whole prompts is not this listener's to guess at: what must not be kept is not taken.
  if (policy.content === 'suppressed') return `the capture policy ${policy.name} suppresses content: nothing is stored`
  return undefined
}

function messageOf(rejected: readonly Rejection[]): string {
  return rejected.map(({ reason, records }) => `${records} rejected: ${reason}`).join('; ')
}

/** What an append that was refused means for its sender, by the recorder's code. */
const APPEND_REFUSALS: ReadonlyMap<unknown, RefusalCode> = new Map([
  ['overloaded', 'overload'],
  ['invalid', 'malformed'],
])

function errorCode(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
