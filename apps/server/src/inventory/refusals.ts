import { hash } from 'node:crypto'
import type { EventSummary } from '@holdfast/model'
import { PROOFS_PER_REFUSAL } from './limits.ts'

/** What one of our proxies kept from passing, or would have, on the same grounds however often. Times are nanoseconds. */
export type RefusalDoc = {
  /** The guardrail: `hand-over` and its like. */
  readonly name: string
  readonly verdict: string
  /** What it rests on. Untrusted. */
  readonly facts: Readonly<Record<string, string>>
  readonly first: string
  readonly last: string
  readonly count: number
  /** The first log positions that show it. */
  readonly proof: readonly number[]
}

type Guardrail = Extract<EventSummary['body'], { readonly kind: 'guardrail' }>

/** The grounds of a refusal as a key; undefined where it is none of our proxies': an agent may say what it likes of guardrails. */
export function refusalKey({ body, source }: EventSummary): string | undefined {
  if (body.kind !== 'guardrail' || body.facts === undefined || !PROXIES.has(source.channel)) return undefined
  const { name, verdict, facts } = body
  const known = Object.entries(facts).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return hash('sha256', JSON.stringify([name, verdict, known]), 'hex').slice(0, 24)
}

const PROXIES: ReadonlySet<string> = new Set(['mcp-proxy', 'llm-proxy'])

/** The same in whatever order events come. */
export function withRefusal(known: RefusalDoc | undefined, event: EventSummary, body: Guardrail): RefusalDoc {
  const { claimedAt, entry } = event
  const [first, last] = [BigInt(known?.first ?? claimedAt), BigInt(known?.last ?? claimedAt)]
  const proof = [...new Set([...(known?.proof ?? []), entry])].toSorted((a, b) => a - b)
  return {
    name: body.name,
    verdict: body.verdict,
    facts: body.facts ?? {},
    first: (claimedAt < first ? claimedAt : first).toString(),
    last: (claimedAt > last ? claimedAt : last).toString(),
    count: (known?.count ?? 0) + 1,
    proof: proof.slice(0, PROOFS_PER_REFUSAL),
  }
}
