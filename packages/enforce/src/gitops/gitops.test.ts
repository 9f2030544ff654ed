import { isHiddenCharacter } from '@holdfast/model'
import { expect, test } from 'vitest'
import { ciliumPolicyGenerator } from '../cilium/cilium-policy.ts'
import type { Generator } from '../generator.ts'
import { networkPolicyGenerator } from '../network/network-policy.ts'
import { seccompGenerator } from '../seccomp/seccomp.ts'
import { profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { gitopsFiles } from './gitops.ts'

const HOSTILE = 'a|b`[x](http://evil.example.test)<img>\u202e:443'
const facts = factsFixture({
  agent: {
    id: 'k8s:c1/support/ticket-agent',
    name: 'ticket-agent',
    class: 'support',
    namespace: 'support',
    workload: 'ticket-agent',
  },
  entries: [
    profileFact('destination', '203.0.113.10:443', 10),
    profileFact('destination', HOSTILE, 11),
    profileFact('syscall', 'read', 12),
  ],
})

const made = (generator: Generator) => madeBy(generator, facts)

const filesOf = (...generators: readonly Generator[]) =>
  new Map(
    gitopsFiles(generators.map(made), {
      workload: 'ticket-agent',
      linkOf: ({ id }, { pointer }) => `/policies/${id}?line=${encodeURIComponent(pointer)}`,
    }).map(({ path, text }) => [path, text]),
  )

test('each policy is a document and an artifact, and a kustomization names what a cluster takes', () => {
  const files = filesOf(networkPolicyGenerator, seccompGenerator)
  expect([...files.keys()]).toEqual([
    'network-policy.json',
    'network-policy.artifact.json',
    'cluster-network-policy.json',
    'seccomp.json',
    'seccomp.artifact.json',
    'seccomp-profile.json',
    'seccomp-patch.json',
    'kustomization.yaml',
    'PULL_REQUEST.md',
  ])
  expect(JSON.parse(files.get('network-policy.json') ?? '')).toEqual(made(networkPolicyGenerator).document)
  expect(files.get('kustomization.yaml')).toBe(
    'apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources:\n  - network-policy.json\n  - seccomp-profile.json\n',
  )
})

test('of two policies for the network only the one that knows names is applied, because they add up', () => {
  const kustomization = filesOf(networkPolicyGenerator, ciliumPolicyGenerator).get('kustomization.yaml')
  expect(kustomization).toContain('cilium-network-policy.json')
  expect(kustomization).not.toContain('- network-policy.json')
})

test('the text of a pull request has each line with its evidence and a link to it, and what the policy cannot see', () => {
  const artifact = made(networkPolicyGenerator)
  const text = filesOf(networkPolicyGenerator).get('PULL_REQUEST.md') ?? ''
  expect(text).toContain(`[log 10](/policies/${artifact.id}?line=%2Fspec%2Fegress%2F1%2Fto%2F0)`)
  for (const { pointer } of artifact.lines) expect(text).toContain(`\`${pointer}\``)
  expect(text).toContain('an allowed destination can carry wrong data')
})

test('captured text opens no link, no tag and no cell in the text', () => {
  const text = filesOf(networkPolicyGenerator).get('PULL_REQUEST.md') ?? ''
  const row = text.split('\n').find((line) => line.includes('evil')) ?? ''
  expect(row).not.toMatch(/[\p{Cf}]/u)
  // Outside of code every bracket is escaped, but for the link that is ours.
  const outside = text.replaceAll(/`[^`]*`/g, '')
  expect(outside.match(/(?<!\\)\]\(([^)]*)\)/g)?.every((link) => link.startsWith('](/policies/'))).toBe(true)
  expect(outside).not.toMatch(/(?<!\\)</)
  expect(row.replaceAll('\\|', '').split('|')).toHaveLength(6)
})

test.each([
  ['a bar behind a backslash', 'x\\\\|![y](//evil.example.test)'],
  ['what a font draws as nothing', 'x\u{e0100}\u3164\u2028y'],
  ['half a pair of surrogates', 'x\ud800y'],
])('a name with %s stays one cell, and what hides is shown', (_, hidden) => {
  const artifact = made(networkPolicyGenerator)
  const lines = artifact.lines.map((line) => ({ ...line, pointer: hidden, what: hidden }))
  const files = gitopsFiles([{ ...artifact, lines }], { workload: 'desk', linkOf: () => '/policies/x' })
  const text = files.find(({ path }) => path === 'PULL_REQUEST.md')?.text ?? ''
  const rows = text.split('\n').filter((line) => line.startsWith('| `x'))
  expect(rows).toHaveLength(lines.length)
  for (const row of rows) {
    // As the tables of GitHub are cut: a backslash takes the next character with it.
    expect(row.replaceAll(/\\[\s\S]/g, '').split('|')).toHaveLength(6)
    expect(Array.from(row).filter((character) => isHiddenCharacter(character.codePointAt(0) ?? 0))).toEqual([])
  }
})

test('our own words link to nothing and call nobody that they quote', () => {
  const artifact = made(networkPolicyGenerator)
  const blindSpots = ['seen at https://evil.example.test and www.evil.example.test, ask @security &lt;b&gt;']
  const [text = ''] = gitopsFiles([{ ...artifact, blindSpots }], { workload: 'desk', linkOf: () => '/policies/x' })
    .filter(({ path }) => path === 'PULL_REQUEST.md')
    .map((file) => file.text)
  expect(text).toContain(
    '- seen at https[://]evil.example.test and www[.]evil.example.test, ask [at]security &amp;lt;b&amp;gt;',
  )
})

test.each(['desk; touch x', '$(touch x)', 'desk`touch x`', '--all', 'desk\n'])(
  'the command for a shell holds no workload %j',
  (workload) => {
    const files = gitopsFiles([made(seccompGenerator)], { workload, linkOf: () => '/policies/x' })
    const text = files.find(({ path }) => path === 'PULL_REQUEST.md')?.text ?? ''
    expect(text).toContain('`kubectl patch deployment NAME --patch-file seccomp-patch.json`')
  },
)

test('nothing makes no files', () => {
  expect(gitopsFiles([], { workload: 'x', linkOf: () => '' })).toEqual([])
})
