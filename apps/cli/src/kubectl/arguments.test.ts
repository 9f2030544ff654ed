import { expect, test } from 'vitest'
import { parsePluginArguments } from './arguments.ts'

test('flags of kubectl are taken from wherever they stand, and the rest is the command', () => {
  expect(
    parsePluginArguments(['--context', 'prod', 'graph', 'deploy/desk', '-npayments', '--values=3', '--kubeconfig=/k']),
  ).toEqual({
    access: ['--context=prod', '--kubeconfig=/k'],
    namespace: 'payments',
    allNamespaces: false,
    command: ['graph', 'deploy/desk', '--values=3'],
  })
  expect(parsePluginArguments(['incidents', '-A', '-l', 'app=desk', '--server-namespace', 'ops'])).toMatchObject({
    allNamespaces: true,
    selector: 'app=desk',
    serverNamespace: 'ops',
    command: ['incidents'],
  })
})

test('what follows -- is left as it is', () => {
  expect(parsePluginArguments(['run', '--', 'agent', '-n', '5', '--context', 'x'])).toMatchObject({
    access: [],
    command: ['run', '--', 'agent', '-n', '5', '--context', 'x'],
  })
})

test.each([
  [['agents', '-n'], '-n needs a value'],
  [['agents', '--context='], '--context needs a value'],
  [['agents', '-n', '--', 'x'], '-n needs a value'],
  [['agents', '-A', '-n', 'payments'], 'it cannot go with -n payments'],
  [['agents', '--data', '.holdfast'], '--data is of a server on this machine'],
  [['agents', '--data=.holdfast'], '--data is of a server on this machine'],
])('%j is refused', (args, said) => {
  expect(() => parsePluginArguments(args)).toThrow(said)
})
