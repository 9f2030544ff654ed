import fc from 'fast-check'
import { expect, test } from 'vitest'

import { ROLE_INLINE_CHARACTERS } from './aws/limits.ts'
import { freezingPolicy, parseUse, suspendingPolicy, textOfUse } from './aws/policies.ts'
import { policyCharacters, policySchema } from './aws/policy-grammar.ts'
import { parsePrincipal, principalText } from './aws/principal.ts'
import { holdsIn, tagsOf } from './aws/tags.ts'
import { sealed } from './aws/testing/account.ts'
import { labelValue } from './kubernetes/marks.ts'
import { objectPath, parseRef, refText } from './kubernetes/refs.ts'

/** Printed by fast-check where it fails; an environment variable repeats it. */
const runs = { numRuns: 500, seed: Number(process.env['HOLDFAST_SEED'] ?? Date.now() % 2_147_483_647) }
const END = '2026-03-02T13:00:00.000Z'

const part = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom('..', '.', 'payments', 'deployments', 'nodes', 'a%2fb', 'a/b', 'x?y', 'x#y', 'ns\n', '*', ''),
)

/** Most arrays of parts name nothing; what could is made on purpose, so that the property is one of paths. */
const target = fc.oneof(
  fc.array(part, { maxLength: 4 }),
  fc.tuple(part, fc.constantFrom('deployments', 'statefulsets', 'daemonsets', 'jobs', 'cronjobs'), part),
  fc.tuple(fc.constant('nodes'), part),
)

test('whatever a captured name is, a path has just the parts that it must have, or there is none', () => {
  let named = 0
  fc.assert(
    fc.property(target, (parts) => {
      const ref = parseRef(parts.join('/'))
      if (ref === undefined) return
      named++
      const path = objectPath(ref)
      expect(new URL(path, 'https://cluster.test').pathname).toBe(path)
      expect(path.split('/')).toHaveLength(ref.resource === 'nodes' ? 5 : 8)
      expect(parseRef(refText(ref))).toEqual(ref)
    }),
    runs,
  )
  expect(named).toBeGreaterThan(0)
})

test('a label is always one that Kubernetes takes', () => {
  fc.assert(
    fc.property(part, (text) => {
      expect(labelValue(text)).toMatch(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/)
    }),
    runs,
  )
})

const action = fc.oneof(fc.constantFrom('s3:GetObject', 'dynamodb:PutItem', 's3:*', '*', 'S3:Get', 'no action'), part)
const resource = fc.oneof(
  fc.constantFrom(
    '*',
    'arn:aws:s3:::bucket/key',
    'arn:aws:s3:::bucket/*',
    'arn:aws:s3:::b/a b',
    'arn:aws:sqs:eu-west-1:123456789012:q?',
  ),
  part.map((text) => `arn:aws:s3:::bucket/${text}`),
)

test('whatever was recorded, a suspension is a policy of IAM that names only actions that were done, and fits or is none', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(action, resource), { maxLength: 60 }),
      fc.integer({ min: 0, max: ROLE_INLINE_CHARACTERS }),
      (pairs, room) => {
        const uses = pairs.flatMap(([what, on]) => parseUse(`${what} ${on}`) ?? [])
        for (const use of uses) {
          expect(parseUse(textOfUse(use))).toEqual(use)
          // A wildcard stands for everything alone, never for a part that somebody chose.
          expect(use.action).not.toContain('*')
          expect(use.resource === '*' || !/[*?]/.test(use.resource)).toBe(true)
        }
        const policy = uses.length === 0 ? undefined : suspendingPolicy(uses, END, room)
        if (policy === undefined) return
        expect(policySchema.safeParse(policy).success).toBe(true)
        expect(policyCharacters(JSON.stringify(policy))).toBeLessThanOrEqual(room)
        const named = policy.Statement.flatMap(({ Effect, Action }) =>
          Effect === 'Deny' ? (Action ?? []) : ['allowed'],
        )
        expect(new Set(named)).toEqual(new Set(uses.map((use) => use.action)))
      },
    ),
    runs,
  )
})

test('a freeze is a policy of IAM that refuses and allows nothing', () => {
  const policy = freezingPolicy('2026-03-02T12:00:00.000Z', END)
  expect(policySchema.safeParse(policy).success).toBe(true)
  expect(policy.Statement.map(({ Effect }) => Effect)).toEqual(['Deny', 'Deny'])
})

test('a principal is a role or user by its whole name, or none', () => {
  fc.assert(
    fc.property(part, fc.constantFrom('role', 'user', 'assumed-role'), (name, kind) => {
      const service = kind === 'assumed-role' ? 'sts' : 'iam'
      const principal = parsePrincipal(`arn:aws:${service}::123456789012:${kind}/${name}`)
      if (principal === undefined) return
      expect(principal.name).toMatch(/^[\w+=,.@-]{1,64}$/)
      expect(parsePrincipal(principalText(principal))).toEqual(principal)
    }),
    runs,
  )
})

test('a hold comes back from the tags that it became, whole and on its own entity; other tags are none', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(part, part), { maxLength: 10 }), fc.boolean(), (others, isBounded) => {
      const hold = {
        id: '0123456789ab',
        incident: 'inc-1',
        deed: 'scope-role',
        key: 'plan/cut',
        expires: END,
        on: 'arn:x',
        ...(isBounded ? { before: 'arn:y' } : {}),
      }
      const noise = others.map(([Key, Value]) => ({ Key: `holdfast:hold:${Key}`, Value }))
      const marked = { entity: '123456789012:role/x', seal: sealed }
      const tags = tagsOf(hold, marked) ?? []
      expect(holdsIn([...noise, ...tags], marked)).toEqual([hold])
      expect(holdsIn(tags, { ...marked, entity: '123456789012:role/y' })).toEqual([])
      for (const changed of tags) {
        const others = tags.map((tag) => (tag === changed ? { ...tag, Value: `${tag.Value}0` } : tag))
        expect(holdsIn(others, marked)).toEqual([])
        expect(
          holdsIn(
            tags.filter((tag) => tag !== changed),
            marked,
          ),
        ).toEqual([])
      }
    }),
    runs,
  )
})
