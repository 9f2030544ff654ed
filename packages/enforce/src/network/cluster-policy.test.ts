import { existsSync, readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { clusterNetworkPolicies } from './cluster-policy.ts'
import { clusterEffect } from './effective.ts'
import type { Flow } from './flow.ts'
import { networkPolicyGenerator } from './network-policy.ts'
import { parseAddress } from './address.ts'
import { evaluateFlow, worldOf } from './world.ts'

const LABELS = { app: 'ticket-agent' }
const POD = { namespace: 'support', labels: LABELS }
const ALLOW_ALL = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'allow-all', namespace: 'support' },
  spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
}

function artifactFor(addresses: number, workload = 'ticket-agent') {
  const facts = factsFixture({
    agent: {
      id: `k8s:c1/support/${workload}`,
      name: workload,
      class: 'support',
      cluster: 'c1',
      namespace: 'support',
      workload,
      labels: LABELS,
    },
    entries: [
      ...Array.from({ length: addresses }, (_, i) => profileFact('destination', `203.0.113.${i + 1}:443`, 10 + i)),
      profileFact('destination', 'crm.sales.svc.cluster.local:80', 900),
    ],
    platform: { dns: ['10.96.0.10:53/udp'], collector: ['10.1.2.3:4317/tcp'] },
  })
  return madeBy(networkPolicyGenerator, facts)
}

const policiesFor = (addresses: number) => clusterNetworkPolicies(artifactFor(addresses))

const flowTo = (address: string, port = 443): Flow => {
  const parsed = parseAddress(address)
  return { addresses: parsed === undefined ? [] : [parsed], names: [], port, protocol: 'tcp' }
}

test('beside a policy of a tenant that allows all, what was never seen is denied and what was seen is not', () => {
  const documents = policiesFor(3).map((document) => ({ name: document.metadata.name, document }))
  const world = worldOf([{ name: 'allow-all', document: ALLOW_ALL }, ...documents], POD)
  expect(world.unread).toEqual([])
  expect(evaluateFlow(world, flowTo('203.0.113.2'))).toMatchObject({ allowed: true, by: 'allow-all' })
  expect(evaluateFlow(world, flowTo('10.96.0.10', 53))).toMatchObject({ allowed: true })
  expect(evaluateFlow(world, flowTo('203.0.113.2', 22))).toMatchObject({ allowed: false })
  expect(evaluateFlow(world, flowTo('198.51.100.7'))).toMatchObject({ allowed: false })
})

test('what another policy refuses stays refused', () => {
  const documents = policiesFor(3).map((document) => ({ name: document.metadata.name, document }))
  const closed = {
    ...ALLOW_ALL,
    metadata: { name: 'closed', namespace: 'support' },
    spec: { ...ALLOW_ALL.spec, egress: [] },
  }
  const world = worldOf([{ name: 'closed', document: closed }, ...documents], POD)
  expect(evaluateFlow(world, flowTo('203.0.113.2'))).toMatchObject({ allowed: false, by: 'closed' })
})

test('a list longer than one object is several that are asked one after the other, and the last denies the rest', () => {
  const policies = policiesFor(60)
  expect(policies.length).toBeGreaterThan(1)
  expect(policies.every(({ spec: { egress } }) => egress.length <= 25)).toBe(true)
  expect(new Set(policies.map(({ metadata: { name } }) => name)).size).toBe(policies.length)
  expect(policies.flatMap(({ spec: { egress } }) => egress).filter(({ action }) => action === 'Deny')).toEqual([
    policies.at(-1)?.spec.egress.at(-1),
  ])
  const world = worldOf(
    policies.map((document) => ({ name: document.metadata.name, document })),
    POD,
  )
  expect(evaluateFlow(world, flowTo('203.0.113.60'))).toMatchObject({ allowed: true })
  expect(evaluateFlow(world, flowTo('203.0.113.61'))).toMatchObject({ allowed: false })
})

test('two workloads share no name, however long a list is and whatever they are called', () => {
  const namesOf = (workload: string) =>
    clusterNetworkPolicies(artifactFor(60, workload)).map(({ metadata }) => metadata.name)
  const workloads = ['desk', 'desk-2', '2', '2-desk', 'x'.repeat(250), `${'x'.repeat(249)}y`]
  const names = workloads.flatMap(namesOf)
  expect(names.length).toBeGreaterThan(workloads.length * 2)
  expect(new Set(names).size).toBe(names.length)
  for (const name of names)
    expect(name).toMatch(/^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/)
})

test('ENF-15 it narrows beside an allow-all of a namespace, and nothing beside an Accept of the cluster that comes before', () => {
  const artifact = artifactFor(3)
  const beside = (document: { readonly metadata: { readonly name: string } }) =>
    clusterEffect(artifact, {
      inForce: [{ plane: 'network', name: document.metadata.name, document }],
      firstPriority: 900,
    })
  expect(artifact.effective.narrows).toBe(true)
  expect(beside(ALLOW_ALL)).toMatchObject({ narrows: true, against: ['allow-all'] })
  const accept = {
    apiVersion: 'policy.networking.k8s.io/v1alpha2',
    kind: 'ClusterNetworkPolicy',
    metadata: { name: 'let-out' },
    spec: {
      tier: 'Admin',
      priority: 10,
      subject: { namespaces: {} },
      egress: [{ action: 'Accept', to: [{ networks: ['0.0.0.0/0', '::/0'] }] }],
    },
  }
  expect(beside(accept)).toMatchObject({ narrows: false, reason: expect.stringContaining('let-out accepts it') })
  // What it passes on skips a Deny that comes after it, and is told.
  const later = {
    ...accept,
    metadata: { name: 'no-databases' },
    spec: { ...accept.spec, priority: 950, egress: [{ action: 'Deny', to: [{ networks: ['203.0.113.2/32'] }] }] },
  }
  expect(beside(later).reason).toContain('it lets through what they refuse: 203.0.113.2:443/tcp')
  // An earlier list of the same agent goes, and is nothing that it is held against.
  const older = clusterNetworkPolicies(artifactFor(1)).map((document) => ({
    plane: 'network' as const,
    name: document.metadata.name,
    document: {
      ...document,
      metadata: {
        ...document.metadata,
        annotations: { ...document.metadata.annotations, 'holdfast.dev/artifact': 'a1'.repeat(32) },
      },
    },
  }))
  expect(clusterEffect(artifact, { inForce: older, firstPriority: 900 })).toMatchObject({ narrows: true, against: [] })
})

/** Of the module that publishes it; `go mod download sigs.k8s.io/network-policy-api@v0.2.0` puts it there. */
const CRD = join(
  process.env['GOMODCACHE'] ?? join(homedir(), 'go/pkg/mod'),
  'sigs.k8s.io/network-policy-api@v0.2.0/config/crd/standard/policy.networking.k8s.io_clusternetworkpolicies.yaml',
)

test.skipIf(!existsSync(CRD))(
  'the policies are valid against the published schema, every field of theirs known (skipped without its Go module)',
  () => {
    const { spec } = parse(readFileSync(CRD, 'utf8')) as {
      spec: { versions: { name: string; schema: { openAPIV3Schema: object } }[] }
    }
    const published = spec.versions.find(({ name }) => name === 'v1alpha2')?.schema.openAPIV3Schema
    if (published === undefined) throw new Error('the definition has v1alpha2')
    const isValid = new Ajv2020({ strict: false, validateFormats: false }).compile(closed(published) as object)
    for (const document of policiesFor(60))
      expect({ valid: isValid(document), errors: isValid.errors }).toEqual({ valid: true, errors: null })
    const [first] = policiesFor(2)
    expect(isValid({ ...first, spec: { ...first?.spec, egress: [{ action: 'Allow', to: [{}] }] } })).toBe(false)
    expect(isValid({ ...first, spec: { ...first?.spec, tenants: true } })).toBe(false)
  },
)

/** A cluster drops fields that it does not know: here they are an error. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const entries = Object.entries(schema).map(([key, value]) => [key, closed(value)] as const)
  const isClosed = 'properties' in schema && !('additionalProperties' in schema)
  return { ...Object.fromEntries(entries), ...(isClosed ? { additionalProperties: false } : {}) }
}
