import { hash } from 'node:crypto'
import type { Component } from '@holdfast/model'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { stringify } from 'yaml'
import { entriesOfGroups } from '../dialects/testing/recordings.ts'
import { importRuns } from '../import/import-runs.ts'
import { normalise } from '../normalise.ts'
import { agentNamed } from './document.ts'
import type { DeclaredOptions } from './registry.ts'

/** What an import of a file makes of it: agents, and components as `kind name version`. */
function read(file: string, content: string | object, declared: DeclaredOptions = {}) {
  const text = typeof content === 'string' ? content : JSON.stringify(content)
  const { groups, rejected, format } = importRuns({ file, bytes: new TextEncoder().encode(text), declared })
  const entries = entriesOfGroups(groups)
  const events = entries.flatMap((entry) => normalise(entry).events)
  const components = events.flatMap(({ body }) => (body.kind === 'declaration' ? body.components : []))
  return {
    format,
    rejected: rejected.map(({ why }) => why),
    agents: [...new Set(events.map(({ agent }) => agent.id))],
    parts: components.map(({ kind, name, version }) =>
      [kind, name, version].filter((part) => part !== undefined).join(' '),
    ),
    components,
    events,
    stored: groups.map(({ bytes }) => Buffer.from(bytes).toString()).join('\n'),
  }
}

const named = (agent: string): DeclaredOptions => {
  const parsed = agentNamed(agent)
  if (parsed === undefined) throw new Error(`no agent id: ${agent}`)
  return { agent: parsed }
}
const DESK = named('host:h/desk')

test('a manifest in YAML names its agent, its image, its model and its account, in the cluster that is said', () => {
  const yaml = `
apiVersion: apps/v1
kind: Deployment
metadata:
  name: desk
  namespace: shop
  annotations: {holdfast.dev/class: support, holdfast.dev/tools: 'lookup, refund'}
spec:
  replicas: 3
  template:
    spec:
      serviceAccountName: desk
      containers:
        - image: registry.example.test:5000/desk:2.1
          args: [--model, claude-sonnet-4]
          env:
            - {name: OPENAI_MODEL, value: gpt-4.1}
            - {name: OPENAI_BASE_URL, value: https://llm.example.test/v1}
            - {name: MODEL_PATH, value: /models/x}
---
# nothing here
`
  const found = read('desk.yaml', yaml, { cluster: 'prod' })
  expect(found).toMatchObject({ format: 'kubernetes-manifest', agents: ['k8s:prod/shop/desk'], rejected: [] })
  expect(found.parts).toEqual([
    'image registry.example.test:5000/desk 2.1',
    'model gpt-4.1',
    'endpoint llm.example.test',
    'model claude-sonnet-4',
    'identity system:serviceaccount:shop:desk',
    'tool lookup',
    'tool refund',
  ])
  expect(found.events[0]?.body).toMatchObject({ facts: { class: 'support', replicas: '3' } })
})

test('every document of a YAML file counts: first lines, notes and directives beside the marks take none away', () => {
  const document = (name: string): string =>
    `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: ${name}, namespace: shop}\nspec: {template: {spec: {containers: [{image: ${name}:1}]}}}\n`
  for (const yaml of [
    `${document('one')}---\n${document('two')}---\n${document('three')}`,
    `%YAML 1.2\n---\n${document('one')}--- # the second\n${document('two')}\n---\n\n---\n${document('three')}---\n`,
    `${document('one')}---\n${document('two')}---\n${document('three')}`.replaceAll('\n', '\r\n'),
    `${document('one')}---\n${document('two')}--- {apiVersion: apps/v1, kind: Deployment, metadata: {name: three, namespace: shop}, spec: {template: {spec: {containers: [{image: 'three:1'}]}}}}\n`,
  ]) {
    const found = read('all.yaml', yaml)
    expect(found.rejected).toEqual([])
    expect(found.parts).toEqual(['image one 1', 'image two 1', 'image three 1'])
  }
})

test('a credential in a manifest is masked, and takes nothing else of it away, with quotes around it or without', () => {
  const secret = `sk-proj-${'abcdefghijklmnopqrstuvwxyz0123456789'.repeat(2)}`
  for (const key of [
    `{name: OPENAI_API_KEY, value: ${secret}}`,
    `{name: OPENAI_API_KEY, value: "${secret}"}`,
    `name: OPENAI_API_KEY\n     value: ${secret}`,
  ]) {
    const yaml = `apiVersion: v1\nkind: Pod\nmetadata: {name: desk, namespace: shop}\nspec:\n containers:\n - image: desk:1\n   env:\n   - ${key}\n   - {name: OPENAI_MODEL, value: gpt-4.1}\n`
    const found = read('desk.yaml', yaml)
    expect(found.parts).toEqual(['image desk 1', 'model gpt-4.1'])
    const text = JSON.stringify(found.events, (_key, value: unknown) =>
      typeof value === 'bigint' ? String(value) : value,
    )
    expect(text).not.toContain(secret)
    expect(text).toContain('masked:')
  }
})

test('the configuration of an MCP client declares its servers with pinned versions, and keeps no secret', () => {
  const secret = 'ghp_abcdefghijklmnopqrstuvwxyz0123456789'
  const mcpServers = {
    github: { command: 'npx', args: ['-y', '@example/server-github@2025.4.8'], env: { GITHUB_TOKEN: secret } },
    docs: { url: 'https://mcp.example.test/mcp' },
    off: { command: 'x', disabled: true },
  }
  const found = read('.mcp.json', { mcpServers }, DESK)
  expect(found).toMatchObject({ format: 'mcp-client-config', agents: ['host:h/desk'] })
  expect(found.parts).toEqual(['mcp-server github 2025.4.8', 'mcp-server docs'])
  expect(
    JSON.stringify(found.events, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
  ).not.toContain(secret)
  expect(
    read('settings.json', { servers: { docs: { type: 'http', url: 'https://mcp.example.test' } } }, DESK).parts,
  ).toEqual(['mcp-server docs'])
})

test('an agent configuration declares its prompt by the digest that the running prompt has, dates apart', () => {
  const yaml = 'name: desk\nmodel: gpt-4.1\ninstructions: Help. Today is 2026-11-17.\ntools: [lookup, {name: refund}]\n'
  const found = read('agent.yaml', yaml)
  expect(found).toMatchObject({ format: 'agent-config', agents: ['host:-/desk'] })
  expect(found.parts).toEqual(['model gpt-4.1', 'prompt-template system prompt of desk', 'tool lookup', 'tool refund'])
  expect(digestOf(found.components)).toBe(hash('sha256', 'Help. Today is <date>.', 'hex'))
  const later = read('agent.yaml', yaml.replace('2026-11-17', '2027-01-02'))
  expect(digestOf(later.components)).toBe(digestOf(found.components))
})

test.each([
  [
    'requirements.txt',
    'a==1.4.2\nb[x] ~= 2.31 ; python_version > "3"\n# c\n-r other.txt\nd\ne>=1,<2\ngit+https://x\n',
    ['package a 1.4.2', 'package b ~= 2.31', 'package d', 'package e >=1,<2'],
  ],
  [
    'pyproject.toml',
    '[project]\nname = "x"\ndependencies = [\n  "openai>=2",\n  "mcp==1.9.0",\n]\n',
    ['package openai >=2', 'package mcp 1.9.0'],
  ],
  [
    'uv.lock',
    'version = 1\n\n[[package]]\nname = "openai"\nversion = "2.1.0"\nsource = {}\n',
    ['package openai 2.1.0'],
  ],
  [
    'package.json',
    '{"name":"x","dependencies":{"ai":"^7.0.0"},"devDependencies":{"vitest":"5"}}',
    ['package ai ^7.0.0'],
  ],
  [
    'package-lock.json',
    '{"name":"x","lockfileVersion":3,"packages":{"":{"dependencies":{"ai":"^7.0.0"}},"node_modules/ai":{"version":"7.0.3"},"node_modules/deep":{"version":"1.0.0"}}}',
    ['package ai 7.0.3'],
  ],
])('%s declares packages', (file, text, parts) => {
  expect(read(file, text, DESK).parts).toEqual(parts)
})

test('a card of an A2A agent declares its skills', () => {
  const card = {
    name: 'Planner',
    version: '1.2.0',
    url: 'https://planner.example.test/a2a',
    protocolVersion: '0.3.0',
    capabilities: {},
    skills: [{ id: 'plan', name: 'Plan a trip' }],
  }
  expect(read('agent-card.json', card)).toMatchObject({
    format: 'a2a-agent-card',
    agents: ['host:-/Planner'],
    parts: ['package Planner 1.2.0', 'endpoint planner.example.test', 'skill plan'],
  })
})

const ROLE = 'arn:aws:iam::123456789012:role/agents'

test.each([
  {
    call: 'bedrock:GetAgent',
    answer: {
      agent: {
        agentArn: 'arn:aws:bedrock:us-east-1:123456789012:agent/AB12CD34EF',
        agentName: 'refunds',
        agentVersion: 'DRAFT',
        foundationModel: 'anthropic.claude-sonnet-4-20250514-v1:0',
        agentResourceRoleArn: ROLE,
        instruction: 'Be brief.',
      },
    },
    agent: 'host:bedrock 123456789012 us-east-1/refunds',
    parts: [
      'package refunds DRAFT',
      'model anthropic.claude-sonnet-4-20250514-v1:0',
      'endpoint bedrock-runtime.us-east-1.amazonaws.com',
      `identity ${ROLE}`,
      'prompt-template system prompt of refunds',
    ],
  },
  {
    call: 'bedrock-agentcore:GetAgentRuntime',
    answer: {
      agentRuntimeArn: 'arn:aws:bedrock-agentcore:eu-west-1:111122223333:runtime/ops-a1b2c3',
      agentRuntimeName: 'ops',
      agentRuntimeVersion: '4',
      roleArn: ROLE,
      agentRuntimeArtifact: { containerConfiguration: { containerUri: '111122223333.dkr.ecr.example.test/ops:4' } },
      environmentVariables: { MODEL_ID: 'amazon.nova-pro-v1:0' },
    },
    agent: 'host:bedrock-agentcore 111122223333 eu-west-1/ops',
    parts: [
      'package ops 4',
      'model amazon.nova-pro-v1:0',
      'endpoint bedrock-agentcore.eu-west-1.amazonaws.com',
      `identity ${ROLE}`,
      'image 111122223333.dkr.ecr.example.test/ops:4',
    ],
  },
  {
    call: 'azure-ai-foundry:GetAgent',
    answer: {
      id: 'asst_1',
      object: 'assistant',
      name: 'helper',
      model: 'gpt-4o',
      instructions: 'Help.',
      tools: [{ type: 'code_interpreter' }],
    },
    agent: 'host:azure-ai-foundry/helper',
    parts: ['model gpt-4o', 'prompt-template system prompt of helper', 'tool code_interpreter'],
  },
  {
    call: 'aiplatform:reasoningEngines.get',
    answer: {
      name: 'projects/p1/locations/us-central1/reasoningEngines/42',
      displayName: 'ranker',
      spec: {
        agentFramework: 'google-adk',
        serviceAccount: 'ranker@p1.example.test',
        packageSpec: { pythonVersion: '3.12' },
      },
    },
    agent: 'host:vertex p1 us-central1/ranker',
    parts: [
      'endpoint us-central1-aiplatform.googleapis.com',
      'identity ranker@p1.example.test',
      'framework google-adk',
      'runtime python 3.12',
    ],
  },
])(
  'DEC-6 the answer of $call declares an agent of a managed platform, and each part names the call',
  ({ call, answer, agent, parts }) => {
    const found = read('export.json', answer)
    expect(found).toMatchObject({ format: 'provider-export', agents: [agent], parts })
    const calls = found.components.map(({ details }) => details['api'])
    expect(new Set(calls)).toEqual(new Set([call]))
  },
)

test('a document that names no agent is refused with what would name one, and an unknown one with what is known', () => {
  expect(read('requirements.txt', 'a==1\n').rejected).toEqual([expect.stringContaining('--agent')])
  expect(read('x.json', { foo: 1 }).rejected).toEqual([expect.stringContaining('unknown layout (foo)')])
  expect(read('x.yaml', 'a: [1\n').rejected).toEqual(['neither YAML documents nor JSON'])
  expect(read('x.yaml', 'foo: 1\n').rejected).toEqual([expect.stringContaining('unknown layout (foo)')])
})

const MANIFEST = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: 'desk',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"env":[{"name":"SLACK_TOKEN","value":"hidden-01"}]}',
    },
  },
  spec: {
    template: {
      spec: {
        containers: [
          {
            image: 'desk:1',
            args: [
              '--model',
              'gpt-4.1',
              '--api-key',
              'hidden-02',
              '--token=hidden-03',
              '-c',
              'run --secret hidden-04 x',
            ],
            env: [
              { name: 'OPENAI_API_KEY', value: 'hidden-05' },
              { value: 'hidden-06', name: 'DB_PASSWORD' },
              { name: 'NOTION_TOKEN', value: 'hidden-07' },
              { name: 'OPENAI_MODEL', value: 'gpt-4.1-mini' },
            ],
          },
        ],
      },
    },
  },
}

const CLIENT = {
  mcpServers: {
    files: { command: 'npx', args: ['-y', 'files@1.2.3', '-e', 'GH_PAT=hidden-11'], env: { LOG: 'hidden-12' } },
    web: {
      url: 'https://mcp.example.test/mcp?token=hidden-13&page=2',
      headers: { 'X-Token': 'hidden-14', Cookie: 'hidden-15' },
    },
  },
}

test('what documents keep as secrets is masked before it is stored, in JSON and in YAML, and the rest is read', () => {
  for (const [file, content, parts] of [
    ['desk.json', MANIFEST, ['image desk 1', 'model gpt-4.1-mini', 'model gpt-4.1']],
    ['desk.yaml', stringify(MANIFEST), ['image desk 1', 'model gpt-4.1-mini', 'model gpt-4.1']],
    ['mcp.json', CLIENT, ['mcp-server files 1.2.3', 'mcp-server web']],
    ['mcp.yaml', stringify(CLIENT), ['mcp-server files 1.2.3', 'mcp-server web']],
    [
      'framed.json',
      {
        holdfastDeclared: {
          document: 'mcp',
          agent: 'host:h/a',
          at: '2026-01-02T03:04:05Z',
          content: stringify(CLIENT),
        },
      },
      ['mcp-server files 1.2.3', 'mcp-server web'],
    ],
  ] as const) {
    const found = read(file, content, DESK)
    expect(found).toMatchObject({ parts, rejected: [] })
    expect(found.stored).not.toContain('hidden')
  }
})

test('instructions that speak of secrets keep their digest', () => {
  const told = { name: 'desk', model: 'gpt-4.1', tools: [], instructions: 'Ask for the token: never say a key=word.' }
  const { components, stored } = read('agent.json', told)
  expect(stored).toContain(told.instructions)
  expect(digestOf(components)).toBe(hash('sha256', told.instructions, 'hex'))
})

test('YAML whose aliases would grow without bound is refused', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghij'
    .split('')
    .map((one, i) => `${one}: &${one} [${Array(9).fill(`*${'abcdefghij'[i]}`).join(',')}]`)
    .join('\n')}\n`
  expect(read('bomb.yaml', bomb)).toMatchObject({ parts: [], rejected: [expect.any(String)] })
})

test('no text of a YAML file makes an import throw', () => {
  const piece = fc.constantFrom(
    'a: ',
    '- ',
    '&a ',
    '*a ',
    '{',
    '}',
    '[',
    ']',
    '!!binary ',
    '---\n',
    '<<: ',
    '\n',
    '  ',
    'kind: List',
    '"',
    '? ',
    '| \n',
  )
  fc.assert(
    fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 }), (pieces) => {
      expect(read('x.yaml', pieces.join(''), DESK).events.length).toBeGreaterThanOrEqual(0)
    }),
    { numRuns: 500, verbose: true },
  )
  expect(read('deep.yaml', `a: ${'['.repeat(20_000)}`).rejected).toHaveLength(1)
})

// Each of these took minutes, or all memory, where the reading grew with the square of the document.
test('documents of absurd lists are read to their bounds', () => {
  const many = (name: string): string[] => Array.from({ length: 10_000 }, (_, i) => `${name}${i}`)
  const rules = [{ verbs: many('v'), resources: many('r'), apiGroups: many('g') }]
  const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'wide' }, rules }
  const [event] = read('role.json', role).events
  expect(event?.body).toMatchObject({ grants: [{ actions: { length: 10_000 } }] })
  expect(read('pyproject.toml', 'dependencies = [\n'.repeat(200_000), DESK).parts).toEqual([])
  const allow = Array.from({ length: 2_000 }, () => `mcp__${'_'.repeat(2_000)}\n`)
  expect(read('mcp.json', { ...CLIENT, permissions: { allow } }, DESK).parts).toHaveLength(2)
})

test('the list of a pyproject ends at its bracket, not at one inside of a name or a note', () => {
  const toml = 'dependencies = [\n  "uvicorn[standard]==0.34", # not ]\n  \'httpx==0.28\' ]\nother = ["none==1"]\n'
  expect(read('pyproject.toml', toml, DESK).parts).toEqual(['package uvicorn 0.34', 'package httpx 0.28'])
})

function digestOf(components: readonly Component[]): string | undefined {
  return components.find(({ kind }) => kind === 'prompt-template')?.digest
}
