import { DELIVERY_PORT, ENVELOPE_AGENTS, type EnvelopeAgent } from './agents.ts'
import type { Tried } from './run-envelopes.ts'

/** One act as both agents tried it. */
export type EnvelopeRow = {
  readonly what: string
  readonly layer: 'seccomp' | 'host-egress'
  /** Whose ordinary work it is. */
  readonly of: string
  readonly tried: readonly {
    readonly agent: string
    /** `done`, or the error that the agent got. */
    readonly became: string
    /** Line of the policy that refused, and the event that tells of it. */
    readonly refusal?: {
      readonly artifact: string
      readonly pointer: string
      readonly event: string
      readonly conversation: string
    }
  }[]
}

export type EnvelopeResult = {
  readonly agents: readonly {
    readonly name: string
    readonly agent: string
    readonly run: string
    readonly conversation: string
    readonly artifacts: readonly { readonly kind: string; readonly artifact: string; readonly profile: string }[]
  }[]
  readonly rows: readonly EnvelopeRow[]
  /** Where what came differs from what two envelopes must give; empty where nothing does. */
  readonly differences: readonly string[]
}

/** Puts what two runs gave beside each other, and says where it is not as it must be. */
export function sideBySide(tried: readonly [Tried, Tried]): EnvelopeResult {
  const rows = ENVELOPE_AGENTS.flatMap((of) => [
    rowOf(tried, of, { layer: 'seccomp', what: of.call, tool: of.tool }),
    rowOf(tried, of, {
      layer: 'host-egress',
      what: `${of.host}:${DELIVERY_PORT}`,
      tool: `deliver_${of.name}`,
    }),
  ])
  return {
    agents: ENVELOPE_AGENTS.map(({ name }, i) => {
      const one = tried[i]
      return {
        name,
        agent: one?.report.agent ?? '',
        run: one?.report.run ?? '',
        conversation: one?.conversation ?? '',
        artifacts: (one?.report.policy?.artifacts ?? []).map(({ kind, artifact, profile }) => ({
          kind,
          artifact,
          profile,
        })),
      }
    }),
    rows,
    differences: [...rows.flatMap(differencesOf), ...sharedEnvelopes(tried)],
  }
}

type Act = { readonly layer: EnvelopeRow['layer']; readonly what: string; readonly tool: string }

function rowOf(tried: readonly [Tried, Tried], of: EnvelopeAgent, { layer, what, tool }: Act): EnvelopeRow {
  return {
    what,
    layer,
    of: of.name,
    tried: ENVELOPE_AGENTS.map(({ name }, i) => {
      const one = tried[i]
      const violation = one?.report.policy?.violations.find(
        (candidate) =>
          candidate.kind === layer &&
          (layer === 'seccomp'
            ? candidate.what === of.call
            : candidate.what.startsWith(`${of.address}:${DELIVERY_PORT}/`)),
      )
      const { artifact, pointer, event, conversation = '' } = violation ?? {}
      return {
        agent: name,
        became: one?.became[tool] ?? 'not tried',
        ...(artifact === undefined || pointer === undefined || event === undefined
          ? {}
          : { refusal: { artifact, pointer, event, conversation } }),
      }
    }),
  }
}

/** What is its own work must be done, and what is the other's refused in the name of a line and in its conversation. */
function differencesOf({ what, of, tried }: EnvelopeRow): readonly string[] {
  return tried.flatMap(({ agent, became, refusal }) => {
    if (agent === of) return became === 'done' ? [] : [`${what}: ${agent}, whose work it is, got ${became}`]
    if (became !== 'EPERM') return [`${what}: ${agent} got ${became}`]
    if (refusal === undefined) return [`${what}: no event tells that ${agent} was refused`]
    return refusal.conversation.includes(agent) ? [] : [`${what}: it is told of conversation "${refusal.conversation}"`]
  })
}

function sharedEnvelopes([first, second]: readonly [Tried, Tried]): readonly string[] {
  const ids = [first, second].flatMap(({ report }) => (report.policy?.artifacts ?? []).map(({ artifact }) => artifact))
  return new Set(ids).size === 4 ? [] : [`the two ran under ${new Set(ids).size} different policies, not four`]
}
