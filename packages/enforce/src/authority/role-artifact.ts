import { counted, type ArtifactKind, type ArtifactLine, type AuthPlane, type PolicyArtifact } from '@holdfast/model'
import { makeArtifact } from '../artifact.ts'
import type { Generation, GenerationRefusal, GeneratorFacts } from '../generator.ts'
import { contentSpots, effectiveOn, leftOutSpots } from './effective.ts'
import { observedUses, type ObservedUse, type ObservedUses } from './observed-uses.ts'
import type { RolePlans } from './role-plan.ts'

/** What one principal was seen to need on a platform whose roles add up. */
export type RolePart = RolePlans & {
  readonly principal: string
  /** Actions that no role of the platform can name. */
  readonly foreign: readonly string[]
}

/** One platform: how its roles are made of what a principal did, and what they cannot say. */
export type RolePlatform<Part extends RolePart, Policies extends { readonly removals: readonly unknown[] }> = {
  readonly kind: ArtifactKind
  readonly plane: AuthPlane
  /** Undefined where it is not known where the principal lives. */
  readonly partOf: (principal: string, uses: readonly ObservedUse[], admits: ObservedUses['admits']) => Part | undefined
  /** Where the platform takes no such roles. */
  readonly refusalOf?: (parts: readonly Part[]) => GenerationRefusal | undefined
  readonly policiesOf: (part: Part) => Policies
  /** `at`: RFC 6901 pointer of the principal's policies in the document. */
  readonly linesOf: (part: Part, made: { readonly at: string; readonly policies: Policies }) => readonly ArtifactLine[]
  /** Whether the action writes what nobody looks into. */
  readonly isWrite: (action: string) => boolean
  readonly words: {
    readonly platform: string
    /** Logs without which nothing can be observed. */
    readonly logs: string
    /** Where a call is let of which the log does not say on what. */
    readonly home: string
    /** Why a role cannot hold a foreign action. */
    readonly foreign: string
    /** Blind spots of every artifact of the platform. */
    readonly always: readonly string[]
  }
}

/** Roles, and where they are held, for every principal of the platform that the agent was seen to act as. */
export function deriveRoles<Part extends RolePart, Policies extends { readonly removals: readonly unknown[] }>(
  facts: GeneratorFacts,
  platform: RolePlatform<Part, Policies>,
): Generation {
  const { byPrincipal, admits } = observedUses(platform.plane, platform.kind, facts)
  const parts = [...byPrincipal]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([principal, uses]) => platform.partOf(principal, uses, admits) ?? [])
  const made = parts.filter(({ plans }) => plans.length > 0)
  const leftOut = parts.flatMap((part) => part.leftOut)
  if (made.length === 0) return nothingObserved(platform.words, leftOut.length)
  return (
    platform.refusalOf?.(made) ?? { status: 'made', artifact: artifactOf(facts, platform, { parts: made, leftOut }) }
  )
}

function nothingObserved(
  { platform, logs }: { readonly platform: string; readonly logs: string },
  thin: number,
): GenerationRefusal {
  return {
    status: 'refused',
    code: 'nothing-observed',
    reason: `no call of it to ${platform} is on record that may become a line`,
    missing: [
      thin === 0
        ? logs
        : `more days of observation, or a decision on confidence, for ${counted(thin, 'act')} that are thin`,
    ],
  }
}

function artifactOf<Part extends RolePart, Policies extends { readonly removals: readonly unknown[] }>(
  facts: GeneratorFacts,
  { kind, plane, policiesOf, linesOf, isWrite, words }: RolePlatform<Part, Policies>,
  { parts, leftOut }: { readonly parts: readonly Part[]; readonly leftOut: readonly string[] },
): PolicyArtifact {
  const principals = parts.map(policiesOf)
  const actions = parts.flatMap(({ plans }) =>
    plans.flatMap(({ permissions }) => permissions.map(({ action }) => action)),
  )
  return makeArtifact(kind, facts, {
    document: { principals },
    lines: parts.flatMap((part, i) => {
      const policies = principals[i]
      return policies === undefined ? [] : linesOf(part, { at: `/principals/${i}`, policies })
    }),
    blindSpots: [
      ...new Set([
        ...parts.flatMap(({ untold, foreign }) => [
          ...untold.map(
            (one) => `${one}: the log does not say on what; it is let in the ${words.home} of the principal`,
          ),
          ...foreign.map((one) => `${one}: ${words.foreign}`),
        ]),
        ...contentSpots(actions.filter(isWrite)),
        ...leftOutSpots(leftOut),
        ...words.always,
      ]),
    ],
    effective: effectiveOn(plane, facts, {
      removals: principals.reduce((sum, { removals }) => sum + removals.length, 0),
      cap: undefined,
    }),
  })
}
