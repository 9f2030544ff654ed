import { parseToolPolicy } from '@holdfast/model'
import type { Event } from '@holdfast/model'
import { expect, test } from 'vitest'
import type { GeneratorFacts } from '../generator.ts'
import { eventOfBody, profileFact } from '../testing/events.ts'
import { factsFixture } from '../testing/facts.ts'
import { madeBy } from '../testing/made.ts'
import { mcpToolsGenerator as generator } from './mcp-tools.ts'

const D1 = 'a1'.repeat(32)
const D2 = 'b2'.repeat(32)
const facts = (changed: Partial<GeneratorFacts> = {}) =>
  factsFixture({
    entries: [
      profileFact('tool', 'desk/ticket.read', 1),
      profileFact('tool', 'ticket.read', 2),
      profileFact('tool', 'crm.query', 3),
      profileFact('tool', 'export.write', 4, { daysSeen: 2 }),
    ],
    tools: [
      { name: 'ticket.read', server: 'desk', definition: D1, entries: [90] },
      { name: 'ticket.drop', server: 'desk', definition: D2, entries: [90] },
    ],
    ...changed,
  })

const made = (given: GeneratorFacts = facts()) => madeBy(generator, given)

const callOf = (toolName: string, server?: string): Event =>
  eventOfBody({
    kind: 'tool-call',
    toolName,
    ...(server === undefined ? {} : { server }),
    arguments: { state: 'not-captured' },
  } as unknown as Event['body']) // as normalised

test('the list holds what was called, with the server and the definition of what is offered, and is one that the proxy takes', () => {
  const { document, lines } = made()
  expect(parseToolPolicy(document)).toEqual(document)
  expect(document).toEqual({
    version: 1,
    tools: [{ name: 'crm.query' }, { name: 'ticket.read', server: 'desk', definition: D1 }],
    default: 'deny',
  })
  expect(lines.find(({ what }) => what === 'desk/ticket.read')).toMatchObject({
    pointer: '/tools/1',
    grounds: [
      { key: 'desk/ticket.read', entries: [1] },
      { key: 'ticket.read', entries: [2] },
    ],
  })
})

test('a call that was recorded without its server lets a tool of any server, and the list says so', () => {
  const { blindSpots, document } = made(facts({ tools: [] }))
  expect(document).toMatchObject({ tools: [{ name: 'crm.query' }, { name: 'ticket.read' }, { server: 'desk' }] })
  expect(blindSpots).toContainEqual(expect.stringContaining('of every server'))
  const judge = generator.judge(made(facts({ tools: [] })))
  expect(judge(callOf('crm.query', 'desk'))).toMatchObject({ status: 'allowed' })
})

test('a tool that is offered and never called is taken away, by the position that offered it', () => {
  const { lines, effective } = made()
  expect(lines.find(({ effect }) => effect === 'remove')).toMatchObject({
    what: 'desk/ticket.drop',
    because: 'idle',
    declaredBy: 90,
  })
  expect(effective).toMatchObject({
    narrows: true,
    reason: expect.stringContaining('1 offered tools were never called'),
  })
})

test('by the choice of a person the name alone counts', () => {
  const granularity = { value: 'name', chosenBy: 'ada', reason: 'descriptions change daily' }
  expect(made(facts({ decisions: { granularity } })).document).toMatchObject({
    tools: [{ name: 'crm.query' }, { name: 'ticket.read', server: 'desk' }],
  })
})

test('a call is judged by the line that decides', () => {
  const judge = generator.judge(made())
  expect(judge(callOf('ticket.read', 'desk'))).toEqual({
    status: 'allowed',
    pointer: '/tools/1',
    what: 'desk/ticket.read',
  })
  expect(judge(callOf('ticket.read'))).toMatchObject({ status: 'allowed' })
  expect(judge(callOf('crm.query', 'sales'))).toMatchObject({ status: 'allowed', pointer: '/tools/0' })
  expect(judge(callOf('export.write'))).toMatchObject({ status: 'denied', pointer: '/default' })
  expect(judge(callOf('ticket.read', 'other'))).toMatchObject({ status: 'denied' })
  expect(judge(eventOfBody({ kind: 'syscall-set', calls: [] }))).toEqual({ status: 'outside' })
})

test('after the server offers another definition a call is denied by its own line', () => {
  const judge = generator.judge(made())
  const digest = D2 as never // a digest is a digest
  judge(
    eventOfBody({
      kind: 'tool-catalogue',
      server: 'desk',
      digest,
      tools: [{ name: 'ticket.read', definition: digest }],
      isWhole: true,
      isAnnounced: false,
    }),
  )
  expect(judge(callOf('ticket.read', 'desk'))).toMatchObject({ status: 'denied', pointer: '/tools/1' })
})

test('a call from before a definition changed is judged by what was offered then, in whatever order the log is read', () => {
  const judge = generator.judge(made())
  const offers = (entry: number, definition: string): Event => ({
    ...eventOfBody({
      kind: 'tool-definition',
      server: 'desk',
      toolName: 'ticket.read',
      definition,
    } as unknown as Event['body']), // as normalised
    entry,
  })
  judge(offers(50, D2))
  judge(offers(10, D1))
  const calledAt = (entry: number) => judge({ ...callOf('ticket.read', 'desk'), entry })
  expect(calledAt(60)).toMatchObject({ status: 'denied' })
  expect(calledAt(40)).toMatchObject({ status: 'allowed' })
})

test('an agent that calls no tool gets no list', () => {
  expect(generator.generate(facts({ entries: [] }))).toMatchObject({ status: 'refused', code: 'nothing-observed' })
})
