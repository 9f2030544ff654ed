import type { Event, PolicyArtifact } from '@holdfast/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { awsIam } from '../aws/generator.ts'
import { azureRole } from '../azure/generator.ts'
import { faultsOfAzure, type AzureRoleDocument } from '../azure/document.ts'
import { gcpRole } from '../gcp/generator.ts'
import { faultsOfGcp, type GcpRoleDocument } from '../gcp/document.ts'
import type { Generator, GeneratorFacts, UseFact } from '../generator.ts'
import { factsFixture } from '../testing/facts.ts'
import { cloudFiles } from './cloud-files.ts'

const ACCOUNT = 'agent@shop.iam.gserviceaccount.com'
const APP = '11111111-2222-3333-4444-555555555555'
const GROUP = '/subscriptions/s1/resourceGroups/shop'
let entry = 0

const use = (plane: 'gcp' | 'azure', action: string, resources: readonly string[] = []): UseFact => ({
  plane,
  principal: plane === 'gcp' ? ACCOUNT : APP,
  action,
  resources,
  entries: [++entry],
  count: 3,
  days: ['2026-08-26', '2026-08-28', '2026-08-30'],
})

function made(generator: Generator, facts: Partial<GeneratorFacts>): PolicyArtifact {
  const generation = generator.generate(factsFixture(facts))
  if (generation.status !== 'made') throw new Error(generation.reason)
  return generation.artifact
}

function judged(
  generator: Generator,
  artifact: PolicyArtifact,
  { plane, principal, action, resources }: UseFact,
): string {
  const body = { kind: 'api-call', plane, principal: { id: principal }, action, resources }
  return generator.judge(artifact)({ body } as unknown as Event).status // a judge reads the body alone
}

describe('Google Cloud', () => {
  const read = use('gcp', 'storage.objects.get', ['projects/shop/buckets/in/objects/a'])
  const write = use('gcp', 'storage.objects.create', ['projects/shop/buckets/out/objects/b'])
  const list = use('gcp', 'compute.instances.list', ['projects/shop'])

  test('a role is held where its permissions were used, and nowhere above', () => {
    const artifact = made(gcpRole, { uses: [read, write, list] })
    const [policies] = (artifact.document as GcpRoleDocument).principals
    expect(policies?.bindings.map(({ on, role }) => [on, role.at(-1)])).toEqual([
      ['projects/shop', '1'],
      ['projects/shop/buckets/in', '2'],
      ['projects/shop/buckets/out', '3'],
    ])
    expect(judged(gcpRole, artifact, { ...read, resources: ['projects/_/buckets/in/objects/z'] })).toBe('allowed')
    expect(judged(gcpRole, artifact, { ...read, resources: write.resources })).toBe('denied')
    expect(judged(gcpRole, artifact, { ...write, resources: [...write.resources, ...read.resources] })).toBe('denied')
  })
  test('places with the same permissions share a role', () => {
    const artifact = made(gcpRole, {
      uses: ['in', 'more'].map((bucket) =>
        use('gcp', 'storage.objects.get', [`projects/shop/buckets/${bucket}/objects/a`]),
      ),
    })
    const [policies] = (artifact.document as GcpRoleDocument).principals
    expect([policies?.roles.length, policies?.bindings.length]).toEqual([1, 2])
  })
  test('what no agent needs is denied whatever is granted, unless it was seen', () => {
    const acting = use('gcp', 'iam.serviceAccounts.actAs', [
      'projects/shop/serviceAccounts/worker@shop.iam.gserviceaccount.com',
    ])
    const key = use('gcp', 'iam.serviceAccountKeys.create', ['projects/shop/serviceAccounts/a'])
    const artifact = made(gcpRole, { uses: [read, acting] })
    expect(judged(gcpRole, artifact, acting)).toBe('allowed')
    expect(judged(gcpRole, artifact, key)).toBe('denied')
    const denied = (artifact.document as GcpRoleDocument).principals[0]?.deny.policy.rules[0]?.denyRule
    expect(denied?.deniedPermissions).toContain('cloudresourcemanager.googleapis.com/projects.setIamPolicy')
    expect(denied?.deniedPermissions).not.toContain('iam.googleapis.com/serviceAccounts.actAs')
    expect(denied?.deniedPrincipals).toEqual([`principal://iam.googleapis.com/projects/-/serviceAccounts/${ACCOUNT}`])
  })
  test('a class is let where that was chosen, and no data by it', () => {
    const decisions = { closure: { value: 'action-class', chosenBy: 'eve', reason: 'x' } }
    const artifact = made(gcpRole, { uses: [read, list], decisions })
    expect(judged(gcpRole, artifact, { ...list, action: 'compute.instances.get' })).toBe('allowed')
    expect(judged(gcpRole, artifact, { ...read, action: 'storage.objects.list' })).toBe('denied')
    expect(judged(gcpRole, made(gcpRole, { uses: [list] }), { ...list, action: 'compute.instances.get' })).toBe(
      'denied',
    )
  })
  test('a method that is no permission is told and left out', () => {
    const artifact = made(gcpRole, { uses: [read, use('gcp', 'google.login.LoginService.loginSuccess')] })
    expect(artifact.blindSpots.join(' ')).toContain('google.login.LoginService.loginSuccess: its record names a method')
  })
})

describe('Azure', () => {
  const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/v1`
  const start = use('azure', 'Microsoft.Compute/virtualMachines/start/action', [
    `${GROUP}/providers/Microsoft.Compute/virtualMachines/m1`,
  ])
  const secret = use('azure', 'Microsoft.KeyVault/vaults/secrets/getSecret/action', [`${vault}/secrets/smtp`])

  test('a role is assigned at the resource and can be at its group, and data stands apart', () => {
    const artifact = made(azureRole, { uses: [start, secret] })
    const [policies] = (artifact.document as AzureRoleDocument).principals
    expect(policies?.assignments.map(({ scope }) => scope)).toEqual([start.resources[0], vault])
    expect(policies?.roles.map(({ properties }) => properties.assignableScopes)).toEqual([[GROUP], [GROUP]])
    expect(policies?.roles[1]?.properties.permissions[0]).toEqual({
      actions: [],
      notActions: [],
      dataActions: [secret.action],
      notDataActions: [],
    })
    expect(judged(azureRole, artifact, { ...start, action: start.action.toLowerCase() })).toBe('allowed')
    expect(judged(azureRole, artifact, { ...start, resources: [vault] })).toBe('denied')
    expect(judged(azureRole, artifact, { ...start, principal: 'other' })).toBe('outside')
  })
  test('without an unused grant that goes, it claims to narrow nothing: Azure knows no deny of ours', () => {
    expect(made(azureRole, { uses: [start] }).effective).toMatchObject({ narrows: false })
    const idle = {
      plane: 'azure',
      principal: APP,
      action: '*',
      resources: ['/subscriptions/s1'],
      path: 'direct',
      category: 'unused-excess',
      source: 'Owner',
      statement: '1',
      declaredBy: 5,
      uses: [],
      useCount: 0,
      conditions: [],
    } as const
    const artifact = made(azureRole, { uses: [start], grants: [idle] })
    expect(artifact.effective).toMatchObject({ narrows: true, against: ['Owner'] })
    expect(artifact.lines.find(({ effect }) => effect === 'remove')).toMatchObject({ because: 'idle', declaredBy: 5 })
  })
})

test('any uses give documents of the published shapes that let all of them, with a ground for every line', () => {
  const name = fc.stringMatching(/^[a-z]{3,12}$/)
  const google = fc
    .tuple(name, fc.constantFrom('buckets', 'secrets', 'topics'), name)
    .map(([project, kind, one]) =>
      use('gcp', kind === 'buckets' ? 'storage.objects.create' : 'pubsub.topics.publish', [
        `projects/${project}/${kind}/${one}/x/y`,
      ]),
    )
  const azure = fc
    .tuple(name, name, fc.constantFrom('read', 'write', 'start/action'))
    .map(([group, one, verb]) =>
      use('azure', `Microsoft.Compute/virtualMachines/${verb}`, [
        `/subscriptions/s1/resourceGroups/${group}/providers/Microsoft.Compute/virtualMachines/${one}`,
      ]),
    )
  fc.assert(
    fc.property(
      fc.array(google, { minLength: 1, maxLength: 12 }),
      fc.array(azure, { minLength: 1, maxLength: 12 }),
      (a, b) => {
        for (const [generator, uses] of [
          [gcpRole, a],
          [azureRole, b],
        ] as const) {
          const artifact = made(generator, { uses })
          for (const one of uses) expect(judged(generator, artifact, one)).toBe('allowed')
          const proven = new Set(artifact.lines.flatMap(({ grounds }) => grounds.flatMap(({ entries }) => entries)))
          for (const one of uses) expect(proven.has(one.entries[0] ?? -1)).toBe(true)
        }
        expect(faultsOfGcp(made(gcpRole, { uses: a }).document as GcpRoleDocument)).toEqual([])
        expect(faultsOfAzure(made(azureRole, { uses: b }).document as AzureRoleDocument)).toEqual([])
      },
    ),
    { numRuns: 60 },
  )
})

test('a hosted agent gets these and a refusal of every layer of the machine', () => {
  const facts = {
    agent: { ...factsFixture().agent, managedBy: 'gcp' as const },
    uses: [use('gcp', 'pubsub.topics.publish', ['projects/shop/topics/t'])],
  }
  expect(gcpRole.generate(factsFixture(facts)).status).toBe('made')
})

test('documents of a cloud stand one by one as well, under names that a file may have', () => {
  const artifacts = [
    made(gcpRole, { uses: [use('gcp', 'pubsub.topics.publish', ['projects/shop/topics/t'])] }),
    made(azureRole, { uses: [use('azure', 'Microsoft.Compute/virtualMachines/start/action', [GROUP])] }),
    made(awsIam, {
      uses: [{ ...use('gcp', 's3:ListAllMyBuckets'), plane: 'aws', principal: 'arn:aws:iam::111122223333:role/a/b' }],
    }),
  ]
  const paths = artifacts.flatMap((artifact) => cloudFiles(artifact)).map(({ path }) => path)
  expect(paths.map((path) => path.replaceAll(/[0-9a-f]{8}-[0-9a-f-]+/g, 'ID'))).toEqual([
    'gcp-role/holdfast_agent_1.json',
    'gcp-role/holdfast-never-agent.json',
    'azure-role/role-ID.json',
    'azure-role/assignment-ID.json',
    'aws-iam/holdfast-b-1.json',
    'aws-iam/holdfast-b-never.json',
    'aws-iam/holdfast-b-boundary.json',
  ])
})
