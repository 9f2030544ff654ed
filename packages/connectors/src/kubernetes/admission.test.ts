import { readFileSync } from 'node:fs'

import { celEnv, parse, plan } from '@bufbuild/cel'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'

/** An API server evaluates CEL of its own dialect; these expressions use nothing but the language. No cluster was tried. */
type Policy = {
  readonly kind: string
  readonly metadata: { readonly name: string }
  readonly spec: {
    readonly matchConditions: readonly { readonly expression: string }[]
    readonly validations: readonly { readonly expression: string; readonly message: string }[]
  }
}

const env = celEnv()
const { spec } = parseAllDocuments(
  readFileSync(new URL('../../../../deploy/kubernetes/response-rbac.yaml', import.meta.url), 'utf8'),
)
  .map((document) => document.toJS() as Policy) // our own file
  .find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === 'holdfast-cluster-policies')!
const CONNECTOR = 'system:serviceaccount:holdfast:holdfast-response'

type Request = {
  readonly operation: 'CREATE' | 'UPDATE' | 'DELETE'
  readonly object?: object
  readonly oldObject?: object
}

/** Why a request of the connector is refused: as an API server does it, an expression that fails is one that is not met. */
function refusalsOf({ operation, object, oldObject }: Request): readonly string[] {
  const given = {
    request: { operation, userInfo: { username: CONNECTOR } },
    object: object ?? null,
    oldObject: oldObject ?? null,
  }
  const isMet = (expression: string) => plan(env, parse(expression))(given as never) === true
  expect(spec.matchConditions.map(({ expression }) => isMet(expression))).toEqual([true])
  return spec.validations.flatMap(({ expression, message }) => (isMet(expression) ? [] : [message]))
}

const MARK = { 'holdfast.dev/artifact': 'a1'.repeat(32) }
const NAMESPACE = { matchLabels: { 'kubernetes.io/metadata.name': 'support' } }
const PODS = { namespaceSelector: NAMESPACE, podSelector: { matchLabels: { app: 'desk' } } }
const policy = (spec: object = {}, annotations: object = MARK) => ({
  metadata: { name: 'support.holdfast-desk', annotations },
  spec: {
    tier: 'Admin',
    priority: 900,
    subject: { pods: PODS },
    egress: [
      { action: 'Pass', to: [{ networks: ['203.0.113.5/32'] }] },
      { action: 'Deny', to: [{ networks: ['::/0'] }] },
    ],
    ...spec,
  },
})

test('what is generated is made, exchanged and removed', () => {
  expect(refusalsOf({ operation: 'CREATE', object: policy() })).toEqual([])
  expect(refusalsOf({ operation: 'UPDATE', object: policy({ priority: 931 }), oldObject: policy() })).toEqual([])
  expect(refusalsOf({ operation: 'DELETE', oldObject: policy() })).toEqual([])
})

test('what others made is neither changed nor removed, and nothing is made without the mark', () => {
  const foreign = policy({}, { team: 'network' })
  const { annotations: _, ...bare } = foreign.metadata
  for (const oldObject of [foreign, { ...foreign, metadata: bare }]) {
    expect(refusalsOf({ operation: 'UPDATE', object: policy(), oldObject })).toHaveLength(1)
    expect(refusalsOf({ operation: 'DELETE', oldObject })).toHaveLength(1)
    expect(refusalsOf({ operation: 'CREATE', object: oldObject })).toHaveLength(1)
  }
})

test.each([
  ['that accepts', { egress: [{ action: 'Accept', to: [{ networks: ['0.0.0.0/0'] }] }] }],
  ['that comes early', { priority: 10 }],
  ['of the other tier', { tier: 'Baseline' }],
  ['that says who may come in', { ingress: [{ action: 'Pass', from: [{ namespaces: {} }] }] }],
  ['of whole namespaces', { subject: { namespaces: NAMESPACE } }],
  ['of every namespace', { subject: { pods: { ...PODS, namespaceSelector: {} } } }],
  ['without a namespace', { subject: { pods: { podSelector: PODS.podSelector } } }],
  ['of all pods of a namespace', { subject: { pods: { ...PODS, podSelector: {} } } }],
  ['of no label', { subject: { pods: { ...PODS, podSelector: { matchLabels: {} } } } }],
])('one %s is refused', (_, wrong) => {
  expect(refusalsOf({ operation: 'CREATE', object: policy(wrong) })).toHaveLength(1)
  expect(refusalsOf({ operation: 'UPDATE', object: policy(wrong), oldObject: policy() })).toHaveLength(1)
})
