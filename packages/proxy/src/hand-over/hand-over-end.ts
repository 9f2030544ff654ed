import type { HandOver, HandOverJudgement, Roster } from '@holdfast/model'
import type { RawFields } from '../http/forward.ts'

/** One HTTP request that hands work over, whole. Untrusted. */
export type GivenRequest = {
  /** Path and query as the client named them. */
  readonly target: string
  readonly fields: RawFields
  readonly body: Uint8Array
}

/** One end of a hand-over that goes by a proxy: that of who gives, or that of who takes. */
export type HandOverEnd = {
  /** Asked of each request before it goes on. Never rejects. */
  readonly judge: (request: GivenRequest) => Promise<{
    readonly handOver: HandOver
    readonly judgement: HandOverJudgement
    /** Answered here: the other end asked for our name. */
    readonly answer?: Uint8Array
  }>
  /** The fields with which the request goes on, `body` being the bytes that do. */
  readonly fieldsFor: (fields: RawFields, body: Uint8Array) => RawFields
}

/** The roster as it was last known. */
export type KnownRoster = () => Pick<Roster, 'mode' | 'agents'>

/** JSON-RPC method by which one end asks the other for its name. */
export const PROVE = 'holdfast/prove'
