import { counted, type ArtifactLine } from '@holdfast/model'
import { makeArtifact } from '../artifact.ts'
import { contentSpots, effectiveOn, leftOutSpots } from '../authority/effective.ts'
import { observedUses } from '../authority/observed-uses.ts'
import { idleGrants, type IdleGrant } from '../authority/role-plan.ts'
import { decisionsFor } from '../decisions.ts'
import type { Generation, GenerationRefusal, GeneratorFacts } from '../generator.ts'
import { LINES_MOST } from '../limits.ts'
import {
  allowLines,
  boundaryLines,
  byAction,
  denials,
  denyLines,
  MOST_POLICIES,
  packed,
  policyOf,
  removalLines,
  type PrincipalPolicies,
  type Removal,
} from './document.ts'
import { MANAGED_POLICY_CHARS } from './parse-policy.ts'
import { permissionsOf, type PermissionOptions, type Permissions } from './permissions.ts'
import { policySize } from './policy-document.ts'
import { REFERENCE_NAME } from './reference.ts'
import type { AwsGranularity } from './resource-patterns.ts'
import { statementsOf } from './statements.ts'

/**
 * The IAM policies of all AWS principals that the agent was seen to act as, without the gate that asks whether it was
 * observed for long enough: what is measured may not have been.
 */
export function deriveAwsIam(facts: GeneratorFacts): Generation {
  const { granularity, closure } = decisionsFor('aws-iam', facts)
  const { byPrincipal, admits } = observedUses('aws', 'aws-iam', facts)
  const options: PermissionOptions = {
    // decisionsFor lets in no other value.
    granularity: granularity.value as AwsGranularity,
    closure: closure.value === 'none' ? 'none' : 'action-class',
    admits,
  }
  const needs = [...byPrincipal]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([principal, uses]) => ({ principal, ...permissionsOf(uses, options) }))
  const leftOut = needs.flatMap((one) => one.leftOut)
  const kept = needs.filter((one) => one.kept.length > 0)
  if (kept.length === 0)
    return refused('nothing-observed', 'no call of it to AWS is on record that may become a line', [
      leftOut.length === 0
        ? 'records of CloudTrail for its principals'
        : `more days of observation, or a decision on confidence, for ${counted(leftOut.length, 'act')} that are thin`,
    ])
  const made = kept.map((one, i) =>
    ofPrincipal({
      ...one,
      at: `/principals/${i}`,
      idle: idleGrants(facts.grants, 'aws', one.principal),
    }),
  )
  for (const one of made) if ('status' in one) return one
  const parts = made.flatMap((one) => ('status' in one ? [] : [one]))
  const lines = parts.flatMap((part) => part.lines)
  if (lines.length > LINES_MOST)
    return refused('too-large', `${counted(lines.length, 'line')}, of which an artifact has ${LINES_MOST} at most`, [])
  const removals = parts.reduce((sum, { policies }) => sum + policies.removals.length, 0)
  return {
    status: 'made',
    artifact: makeArtifact('aws-iam', facts, {
      document: { principals: parts.map(({ policies }) => policies) },
      lines,
      blindSpots: [...new Set([...parts.flatMap(({ blindSpots }) => blindSpots), ...leftOutSpots(leftOut), ...ALWAYS])],
      effective: effectiveOn('aws', facts, { removals, cap: 'the boundary' }),
    }),
  }
}

type Making = Permissions & {
  readonly principal: string
  readonly at: string
  readonly idle: readonly IdleGrant[]
}

type Part = {
  readonly policies: PrincipalPolicies
  readonly lines: readonly ArtifactLine[]
  readonly blindSpots: readonly string[]
}

function ofPrincipal({ principal, at, kept, notes, idle }: Making): Part | GenerationRefusal {
  const statements = packed(statementsOf(kept))
  const denied = denials(kept)
  if (statements.length + 1 > MOST_POLICIES)
    return refused(
      'too-large',
      `${principal} needs ${statements.length + 1} managed policies of ${MANAGED_POLICY_CHARS} characters, and takes ${MOST_POLICIES}`,
      ['a wider granularity, or an agent split into several identities'],
    )
  const name = principal
    .slice(principal.lastIndexOf('/') + 1)
    .replaceAll(/[^A-Za-z0-9+=,.@_-]/g, '-')
    .slice(0, 64)
  const actions = byAction(kept)
  const boundary = policyOf([
    { Sid: 'AtMost', Effect: 'Allow', Action: actions.map(({ action }) => action), Resource: '*' },
  ])
  if (policySize(boundary) > MANAGED_POLICY_CHARS)
    return refused('too-large', `${principal} uses ${actions.length} actions: no boundary has room for them`, [
      'an agent split into several identities',
    ])
  const removals = idle.map((grant): Removal & { readonly declaredBy: number } => ({
    source: grant.source,
    statement: grant.statement,
    action: grant.action,
    resources: grant.resources,
    how: grant.path === 'direct' ? 'take it out of the policy' : 'the boundary stops it: others inherit it too',
    declaredBy: grant.declaredBy,
  }))
  const policies: PrincipalPolicies = {
    principal,
    policies: [
      ...statements.map((part, i) => ({
        name: `holdfast-${name}-${i + 1}`,
        document: policyOf(part.map(({ statement }) => statement)),
      })),
      { name: `holdfast-${name}-never`, document: policyOf(denied) },
    ],
    boundary: { name: `holdfast-${name}-boundary`, document: boundary },
    removals: removals.map(({ source, statement, action, resources, how }) => ({
      source,
      statement,
      action,
      resources,
      how,
    })),
  }
  const lines: readonly ArtifactLine[] = [
    ...allowLines(at, statements),
    ...denyLines(`${at}/policies/${statements.length}/document`, denied),
    ...boundaryLines(at, actions),
    ...removalLines(at, removals),
    {
      pointer: `${at}/policies`,
      effect: 'deny',
      what: `everything else that ${principal} asks for`,
      because: 'default',
      reason: 'IAM denies what no statement allows',
      grounds: [],
    },
  ]
  return {
    policies,
    lines,
    blindSpots: [...notes, ...contentSpots(kept.map(({ action }) => action).filter((action) => WRITES.test(action)))],
  }
}

const ALWAYS: readonly string[] = [
  'It sees the call and its resource, not what is in it: allowed data can be wrong data, and an allowed place can be the wrong one for it.',
  'Calls on data (objects, items, messages, invocations) are on record only where a trail selects them: of others nothing was seen, so they are denied.',
  'A policy of a resource that names a session of the role reaches past a boundary that merely does not allow; the explicit denials hold there too.',
  `Levels and resource types are those of the ${REFERENCE_NAME}.`,
]

const WRITES = /:(?:Put|Send|Publish|Update|Upload|BatchWrite|Invoke)/

function refused(code: GenerationRefusal['code'], reason: string, missing: readonly string[]): GenerationRefusal {
  return { status: 'refused', code, reason, missing }
}
