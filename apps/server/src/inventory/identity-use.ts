import type { EventSummary } from '@holdfast/model'
import type { CallProfile, IdentityDoc } from './docs.ts'
import { PROOFS_PER_IDENTITY, SESSIONS_PER_IDENTITY, USES_PER_IDENTITY } from './limits.ts'

export type IdentityUse = Pick<IdentityDoc, 'identity' | 'agent' | 'kind' | 'uses' | 'isAuthority'> & {
  readonly entry: number
  readonly session?: string | undefined
}

/** What an agent did with an identity, with one use more. */
export function withUse(known: unknown, { entry, session, ...use }: IdentityUse): IdentityDoc {
  const before = known as IdentityDoc | undefined // only this function writes below the key
  return {
    ...use,
    // The least of its names, so that it does not matter which source came first.
    kind: before === undefined || use.kind < before.kind ? use.kind : before.kind,
    // Whoever else tells of it, it is then told by more than the authority's own log.
    isAuthority: use.isAuthority && before?.isAuthority !== false,
    uses: [...new Set([...(before?.uses ?? []), ...use.uses])].toSorted().slice(0, USES_PER_IDENTITY),
    sessions: session === undefined ? (before?.sessions ?? {}) : withSession(before?.sessions ?? {}, session, use.uses),
    calls: (before?.calls ?? 0) + 1,
    proof: [...new Set([...(before?.proof ?? []), entry])].toSorted((a, b) => a - b).slice(0, PROOFS_PER_IDENTITY),
  }
}

function withSession(
  known: IdentityDoc['sessions'],
  session: string,
  uses: readonly string[],
): IdentityDoc['sessions'] {
  const all = new Map(Object.entries(known))
  all.set(session, [...new Set([...(all.get(session) ?? []), ...uses])].toSorted().slice(0, USES_PER_IDENTITY))
  // Of more than are kept the least by text stay, so that the same ones do whatever came first.
  return Object.fromEntries([...all].toSorted(([a], [b]) => (a < b ? -1 : 1)).slice(0, SESSIONS_PER_IDENTITY))
}

type Call = Extract<EventSummary['body'], { readonly kind: 'model-call' }>

/** The profile of the calls to a model, with one call more. */
export function withCall(known: unknown, { usage, error, finishReasons }: Call): CallProfile {
  const before = known as CallProfile | undefined // only this function writes below the key
  const reasons = { ...before?.finishReasons }
  for (const reason of finishReasons) {
    const name = FINISH.has(reason) ? reason : 'other'
    reasons[name] = (reasons[name] ?? 0) + 1
  }
  return {
    calls: (before?.calls ?? 0) + 1,
    errors: (before?.errors ?? 0) + (error === undefined ? 0 : 1),
    inputTokens: (before?.inputTokens ?? 0) + (usage.inputTokens ?? 0),
    outputTokens: (before?.outputTokens ?? 0) + (usage.outputTokens ?? 0),
    finishReasons: reasons,
  }
}

/** Reasons that providers give; whatever else one says is counted together. */
const FINISH: ReadonlySet<string> = new Set([
  'stop',
  'length',
  'tool_calls',
  'tool-calls',
  'tool_use',
  'end_turn',
  'max_tokens',
  'content_filter',
  'STOP',
  'MAX_TOKENS',
  'SAFETY',
])
