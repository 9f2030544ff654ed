import { wordsAs } from '../called-as.ts'
import { expect, test } from 'vitest'
import { CliError } from '../cli-error.ts'
import type { Api } from './api.ts'
import { pick, resolveAgent, resolveIncident } from './resolve-id.ts'

const candidates = [
  { value: 1, names: ['abc', 'trace-1'], label: 'abc' },
  { value: 2, names: ['abcdef', 'trace-2'], label: 'abcdef' },
  { value: 3, names: ['xyz', 'trace-2'], label: 'xyz' },
]
const question = { what: 'conversation or trace', list: 'holdfast agents', candidates }

test('an exact id wins over ids that it begins', () => {
  expect(pick({ ...question, id: 'abc' })).toBe(1)
})

test('a prefix that one id has names it, by any of its names', () => {
  expect(pick({ ...question, id: 'abcd' })).toBe(2)
  expect(pick({ ...question, id: 'x' })).toBe(3)
  expect(pick({ ...question, id: 'trace-1' })).toBe(1)
})

test('a prefix or an id that several have is refused, with what it could be', () => {
  expect(() => pick({ ...question, id: 'ab' })).toThrow('"ab" names 2: abc, abcdef')
  expect(() => pick({ ...question, id: 'trace-2' })).toThrow('"trace-2" names 2: abcdef, xyz')
})

test('of two agents of one name it says what tells them apart, and a command for each', async () => {
  const agent = (id: string, channels: readonly string[]) => ({
    id,
    name: 'sales-agent',
    channels,
    events: 7,
    lastSeen: '2026-01-05T00:00:00Z',
  })
  const items = [agent('host:-/sales-agent', ['otlp']), agent('host:vm/sales-agent', ['otlp', 'sensor'])]
  const api = { call: async () => ({ items }) } as unknown as Api // what lists agents
  const fault = await resolveAgent(api, 'sales-agent').catch((error: unknown) => error as CliError)
  expect(fault).toMatchObject({ code: 'usage' })
  const { message, remedy = '' } = fault as CliError
  const lines = `${message}\n${wordsAs(remedy, './hf')}`.split('\n')
  expect(lines[0]).toBe('"sales-agent" names 2: host:-/sales-agent, host:vm/sales-agent')
  expect(lines[1]).toBe('give the id in place of the name')
  expect(lines[2]).toContain('heard by otlp, 7 entries')
  expect(lines[2]).toContain('states no host: ./hf run --name sales-agent')
  expect(lines[4]).toContain('heard by otlp, sensor')
  expect(lines[4]).not.toContain('no host')
  expect(lines.filter((line) => line.startsWith('    ./hf bom show host:'))).toHaveLength(2)
})

test('an id that nothing has is not found, and is shown as inert text', () => {
  expect(() => pick({ ...question, id: 'q\u001b[2J' })).toThrow('no conversation or trace is or begins with "q␛[2J"')
})

/** A server that lists these, and knows one more that its list leaves out. */
function serverWith(told: string[]): Api {
  const items = [
    { id: 'inc-aa11', alsoKnownAs: ['inc-bb22'] },
    { id: 'inc-bb99', alsoKnownAs: [] },
  ]
  const call = async (name: string, { params }: { readonly params?: { readonly incident: string } }) => {
    if (name === 'listIncidents') return { items }
    if (params?.incident === 'inc-old') return { id: 'inc-unlisted' }
    throw new CliError('not-found', 'there is none')
  }
  return { call, tell: (line: string) => void told.push(line) } as unknown as Api // what is called of it
}

test('an id that an incident went by before leads to it, all of it or a prefix, and that is said', async () => {
  const told: string[] = []
  const api = serverWith(told)
  expect(await resolveIncident(api, 'inc-bb22')).toBe('inc-aa11')
  expect(await resolveIncident(api, 'inc-bb2')).toBe('inc-aa11')
  expect(await resolveIncident(api, 'inc-old')).toBe('inc-unlisted')
  expect(told).toEqual([
    'inc-bb22 goes by inc-aa11 since more was recorded of it',
    'inc-bb2 goes by inc-aa11 since more was recorded of it',
    'inc-old goes by inc-unlisted since more was recorded of it',
  ])
})

test('what an incident goes by now comes before what another went by, and nothing is said of it', async () => {
  const told: string[] = []
  expect(await resolveIncident(serverWith(told), 'inc-bb')).toBe('inc-bb99')
  expect(await resolveIncident(serverWith(told), 'inc-aa')).toBe('inc-aa11')
  await expect(resolveIncident(serverWith(told), 'inc-none')).rejects.toThrow('no incident is or begins with')
  expect(told).toEqual([])
})
