import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadConnectors, noConnectors } from './config.ts'
import { openResponders } from './open-responders.ts'

const folder = mkdtempSync(join(tmpdir(), 'holdfast-connectors-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MARKS = { seal: (text: string) => text, isStanding: () => false }
const CLUSTER = `kubernetes:
  - name: prod
    cluster: prod
    kubeconfig: ${join(folder, 'kubeconfig')}
`
const ACCOUNT = `aws:
  - name: main
    accounts: [{ id: '123456789012' }]
    regions: [eu-central-1]
    ambient: true
`

function load(text: string) {
  const file = join(folder, 'connectors.yaml')
  writeFileSync(file, text)
  return loadConnectors(file)
}

test('without a file nothing is connected', () => {
  expect(openResponders(noConnectors(), MARKS)).toEqual([])
})

test('clusters and accounts become responders, and none of them is contacted', () => {
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1:6443' } }],
      users: [{ name: 'u', user: { token: 'a-token' } }],
    }),
  )
  const responders = openResponders(load(CLUSTER + ACCOUNT), MARKS)
  expect(responders.map(({ name, reaches }) => [name, reaches])).toEqual([
    ['kubernetes:prod', 'cluster prod at https://192.0.2.1:6443'],
    ['aws:main', 'accounts 123456789012'],
  ])
})

test('a platform is held by its aliases where its entry says so alone', () => {
  const platform = `managed:
  - name: eu
    platform: bedrock
    account: '123456789012'
    region: eu-central-1
    ambient: true
`
  expect(openResponders(load(platform), MARKS)).toEqual([])
  const held = openResponders(load(`${platform}    hold-aliases: true\n`), MARKS)
  expect(held.map(({ name, reaches }) => [name, reaches])).toEqual([
    ['bedrock:eu', 'aliases of Bedrock agents of account 123456789012 in eu-central-1'],
  ])
})

test.each([
  [`${CLUSTER}    enforce-network-policies: true\n`, /:2:5: kubernetes\.0: Unrecognized key/],
  [CLUSTER.replace(/ {4}kubeconfig.*\n/, ''), /:2:5: kubernetes\.0: exactly one of kubeconfig and in-cluster/],
  [ACCOUNT.replace("'123456789012'", '123'), /:3:\d+: aws\.0\.accounts\.0\.id/],
  [
    ACCOUNT.replace('ambient: true', 'endpoint: https://example.test'),
    /exactly one of access-key, profile and ambient/,
  ],
  [ACCOUNT + ACCOUNT.replace('aws:\n', ''), /two of them have one name/],
  [
    `${CLUSTER}    allowed-egress: [{ ports: [{ port: 53, protocol: UDP }] }]\n`,
    /either cidr, or namespace-labels and pod-labels/,
  ],
])('a mistake is refused with its line: %#', (text, message) => {
  expect(() => load(text)).toThrow(message)
})

test.each([
  [{ token: undefined, exec: { command: 'aws' } }, {}, 'asks a program for a token'],
  [{}, { server: 'http://192.0.2.1' }, 'a token goes over https only'],
  [{}, { 'insecure-skip-tls-verify': true }, 'would hand the token to anybody'],
  [{ token: undefined, tokenFile: 'none' }, {}, undefined],
])('a kubeconfig that would do harm or asks for a program is refused: %#', (user, cluster, message) => {
  writeFileSync(
    join(folder, 'kubeconfig'),
    JSON.stringify({
      'current-context': 'c',
      contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
      clusters: [{ name: 'c', cluster: { server: 'https://192.0.2.1', ...cluster } }],
      users: [{ name: 'u', user: { token: 'a-token', ...user } }],
    }),
  )
  const open = () => openResponders(load(CLUSTER), MARKS)
  // A file of a token is read when it is needed: it may be written later than the server starts.
  if (message === undefined) expect(open()).toHaveLength(1)
  else expect(open).toThrow(message)
})
